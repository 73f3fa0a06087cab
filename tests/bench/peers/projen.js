// node projen.js SIZE: a project with a docker-compose.yml of the services, written here
const { Project, DockerCompose } = require('projen');
const services = require('./services.js')(Number(process.argv[2]));

const project = new Project({ name: 'chain' });
const compose = new DockerCompose(project, { nameSuffix: 'chain' });
const added = {};
for (const { name, image, port, hostPort, before, environment } of services) {
  added[name] = compose.addService(name, {
    image,
    environment,
    ports: [DockerCompose.portMapping(hostPort, port)],
    dependsOn: before ? [added[before]] : [],
  });
}
project.synth();
