/** trading: takes orders. Accounts vouches for who orders, market names the price, the broker hears of each order. */
import { createServer } from 'node:http';
import pg from 'pg';
import { Broker } from './broker.js';
import { MILLISECONDS } from './deadline.js';
import { readiness } from './health.js';
import { required } from './settings.js';

const PORT = 3000;
const BODY_BYTES = 64 * 1024;
const MOST = 1_000_000;
const { DATABASE_URL, AMQP_URL, ACCOUNTS_URL, MARKET_URL } = required(
  'DATABASE_URL',
  'AMQP_URL',
  'ACCOUNTS_URL',
  'MARKET_URL',
);
const debug = process.env.LOG_LEVEL === 'debug' ? console.log : () => undefined;

const database = new pg.Pool({
  connectionString: DATABASE_URL,
  connectionTimeoutMillis: MILLISECONDS,
  query_timeout: MILLISECONDS,
});
// An idle connection ends when the database restarts; without a listener that would end the process.
database.on('error', (error) => console.warn(`database: ${error.message}`));
const broker = new Broker(AMQP_URL, 'orders');

/** What went wrong, as the caller shall see it. */
class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const routes = [
  ['GET', /^\/health$/, async () => ({ code: 200, body: { status: 'healthy', service: 'trading' } })],
  ['GET', /^\/health\/ready$/, healthReady],
  ['POST', /^\/orders$/, placeOrder],
  ['GET', /^\/orders\/(\d{1,18})$/, readOrder],
];

/** Upstreams are asked for their liveness: were it their readiness, one slow database would fail every service. */
function healthReady() {
  return readiness({
    database: () => database.query('SELECT 1'),
    broker: () => broker.ask(),
    accounts: () => ask(`${ACCOUNTS_URL}/health`),
    market: () => ask(`${MARKET_URL}/health`),
  });
}

/** Stored and announced, or neither: the row is committed once the broker has the message. */
async function placeOrder(request) {
  const { account, symbol, quantity } = await readJson(request);
  const isQuantity = Number.isInteger(quantity) && quantity > 0 && quantity <= MOST;
  if (!Number.isSafeInteger(account) || typeof symbol !== 'string' || !isQuantity) {
    throw new Refusal(422, `an order is {"account": number, "symbol": text, "quantity": 1 to ${MOST}}`);
  }
  const [, { price }] = await Promise.all([
    ask(`${ACCOUNTS_URL}/accounts/${account}`),
    ask(`${MARKET_URL}/prices/${encodeURIComponent(symbol)}`),
  ]);
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query(
      'INSERT INTO orders (account, symbol, quantity, price) VALUES ($1, $2, $3, $4) RETURNING *',
      [account, symbol, quantity, price],
    );
    const order = shape(rows[0]);
    await broker.publish(order);
    await client.query('COMMIT');
    client.release();
    debug(`order ${order.id} placed`);
    return { code: 201, body: order };
  } catch (error) {
    client.release(error); // closed, not kept: so the transaction ends, whatever state it was in
    throw error;
  }
}

async function readOrder(_request, id) {
  const { rows } = await database.query('SELECT * FROM orders WHERE id = $1', [id]);
  if (rows.length === 0) throw new Refusal(404, `there is no order ${id}`);
  return { code: 200, body: shape(rows[0]) };
}

/** PostgreSQL's bigint and numeric arrive as text: they may be more than a number holds. Ours never are. */
function shape({ id, account, symbol, quantity, price, placed_at: placedAt }) {
  return { id: Number(id), account: Number(account), symbol, quantity, price: Number(price), placed_at: placedAt };
}

/** Give back what another service answers; what it does not know or accept, the caller asked wrongly. */
async function ask(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(MILLISECONDS) });
  const body = await answer.json();
  if (answer.status === 404 || answer.status === 422) throw new Refusal(422, `${url} answers ${answer.status}`);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return body;
}

async function readJson(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw new Refusal(413, 'the request is too large');
    chunks.push(chunk);
  }
  try {
    return Object(JSON.parse(Buffer.concat(chunks).toString()));
  } catch {
    throw new Refusal(400, 'the request is not JSON');
  }
}

async function answer(request) {
  const [pathname] = request.url.split('?');
  for (const [method, pattern, handle] of routes) {
    const match = pattern.exec(pathname);
    if (match && (request.method === method || (request.method === 'HEAD' && method === 'GET'))) {
      return handle(request, ...match.slice(1));
    }
  }
  throw new Refusal(404, `there is no ${request.method} ${pathname}`);
}

const server = createServer(async (request, response) => {
  let code;
  let body;
  try {
    ({ code, body } = await answer(request));
  } catch (error) {
    if (!(error instanceof Refusal)) console.warn(`${request.method} ${request.url}:`, error);
    code = error instanceof Refusal ? error.code : 503;
    body = { detail: error instanceof Refusal ? error.message : 'something this service needs does not answer' };
  }
  debug(`${request.method} ${request.url} ${code}`);
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
});

server.listen(PORT, () => console.log(`trading listens on ${PORT}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(async () => {
      await Promise.all([broker.close(), database.end()]);
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => process.exit(1), 2 * MILLISECONDS).unref();
  });
}
