/** storefront: the shop's page. Readiness asks the catalogue and the orders for their liveness. */
const { createServer } = require('node:http');

const PORT = 3000;
const MILLISECONDS = 2000;
const { CATALOG_URL, ORDERS_URL } = process.env;
if (!CATALOG_URL || !ORDERS_URL) {
  console.error('cannot start: environment variables CATALOG_URL and ORDERS_URL are needed');
  process.exit(1);
}

const ask = (url) => fetch(url, { signal: AbortSignal.timeout(MILLISECONDS) });

async function isHealthy(url) {
  try {
    const { ok, status } = await ask(`${url}/healthz`);
    return ok ? 'healthy' : `unhealthy: answers ${status}`;
  } catch (error) {
    return `unhealthy: ${error.cause?.code ?? error.message}`;
  }
}

async function readyz() {
  const [catalog, orders] = await Promise.all([isHealthy(CATALOG_URL), isHealthy(ORDERS_URL)]);
  const ready = catalog === 'healthy' && orders === 'healthy';
  return [ready ? 200 : 503, { status: ready ? 'ready' : 'degraded', checks: { catalog, orders } }];
}

async function answer(path) {
  if (path === '/healthz') return [200, { status: 'healthy', service: 'storefront' }];
  if (path === '/readyz') return readyz();
  if (path === '/') return [200, { shop: 'Periplus', products: await (await ask(`${CATALOG_URL}/products`)).json() }];
  return [404, { detail: `there is no ${path}` }];
}

const server = createServer(async (request, response) => {
  const [code, body] = await answer(request.url.split('?')[0]).catch((error) => [503, { detail: error.message }]);
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(PORT, () => console.log(`storefront listens on ${PORT}`));
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
