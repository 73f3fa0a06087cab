// The chain of tests/bench/manifests.py, as a program that starts from code has it.
module.exports = (size) => Array.from({ length: size }, (_, index) => ({
  name: `s${index}`,
  image: 'registry.example/service:1',
  port: 8000,
  hostPort: 20000 + index,
  liveness: '/health',
  before: index ? `s${index - 1}` : undefined,
  environment: {
    NAME: `s${index}`,
    ...(index % 10 ? {} : { DATABASE_URL: `postgresql://d${index}:secret@db:5432/d${index}` }),
    ...(index ? { BEFORE_URL: `http://s${index - 1}:8000` } : {}),
  },
}));
