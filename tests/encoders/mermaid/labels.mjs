// Charts (a JSON list of texts) to what Mermaid makes of them: for each, the labels it has read, or, with the argument
// `render`, the labels of the drawing: [text, names of the elements in it] each.
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
globalThis.window = window;
const used = [
  'document', 'Element', 'HTMLElement', 'SVGElement', 'Node', 'DOMParser', 'XMLSerializer', 'MutationObserver',
  'CSSStyleSheet', 'getComputedStyle',
];
for (const name of used) {
  globalThis[name] ??= window[name];
}
// jsdom has no layout: every box is as large as another.
window.Element.prototype.getBBox = () => ({ x: 0, y: 0, width: 10, height: 10 });
window.Element.prototype.getComputedTextLength = () => 10;

const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', maxTextSize: 1e9, maxEdges: 1e6 });

async function drawn(chart, number) {
  const { svg } = await mermaid.render(`chart${number}`, chart);
  const page = new window.DOMParser().parseFromString(`<body>${svg}</body>`, 'text/html');
  const labels = (selector) => [...page.querySelectorAll(selector)].map((label) => [
    label.textContent, [...label.querySelectorAll('*')].map((element) => element.tagName.toLowerCase()),
  ]);
  return { nodes: labels('.nodeLabel'), edges: labels('span.edgeLabel'), links: page.querySelectorAll('a, img, script').length };
}

async function understood(chart) {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(chart);
  const plain = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code))
    .replace(/ﬂ°(quot|lt|gt|amp)¶ß/g, (_, name) => ({ quot: '"', lt: '<', gt: '>', amp: '&' })[name]);
  return {
    nodes: [...db.getVertices().values()].filter((node) => node.text !== undefined).map((node) => [plain(node.text), []]),
    edges: db.getEdges().map((edge) => [plain(edge.text), []]),
    links: 0,
  };
}

const answers = [];
for (const [number, chart] of JSON.parse(readFileSync(0, 'utf8')).entries()) {
  answers.push(await (process.argv[2] === 'render' ? drawn(chart, number) : understood(chart)));
}
process.stdout.write(JSON.stringify(answers));
