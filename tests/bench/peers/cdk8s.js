// node cdk8s.js SIZE: a Deployment and a Service for each service, written to ./dist
const { App, Chart, ApiObject } = require('cdk8s');
const services = require('./services.js')(Number(process.argv[2]));

const app = new App();
const chart = new Chart(app, 'chain');
for (const { name, image, port, liveness, environment } of services) {
  const labels = { app: name };
  const variables = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
  const livenessProbe = { httpGet: { path: liveness, port }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 12 };
  const containers = [{ name, image, ports: [{ containerPort: port }], env: variables, livenessProbe }];
  new ApiObject(chart, `${name}-deployment`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  new ApiObject(chart, `${name}-service`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: labels, ports: [{ port, targetPort: port }] },
  });
}
app.synth();
