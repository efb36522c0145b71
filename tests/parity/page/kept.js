/** The editor's way of drawing, which keeps what does not change, beside drawing all of it. */
import { keeper } from "/dash/editor/kept.js";
import { createPreview } from "/shared/render/preview.js";

/** Changes each document step by step, and draws it both ways; what differs. @param {any[]} documents @param {number} steps */
export async function compare(documents, steps) {
  const preview = await createPreview({ assetBase: '/cdn' });
  const options = { format: 'square', code: 'WELCOME-30', link: 'https://example.com/?promo=1', logoUrl: '/cdn/seed/logo-northwind-logo.b326c3c0.png', scale: 0.45 };
  let seed = 1;
  const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const words = ['One', 'WELCOME', 'קוד', '🎉', 'a much longer sentence that breaks into lines', ''];
  const changes = [
    (layer) => ({ ...layer, x: layer.x + random(200) - 100, y: layer.y + random(200) - 100 }),
    (layer) => ({ ...layer, rotation: random(90) - 45 }),
    (layer) => ({ ...layer, opacity: random(10) / 10 }),
    (layer) => (layer.type === 'text' ? { ...layer, spans: undefined, text: words[random(words.length)] || 'x' } : layer),
    (layer) => (layer.type === 'text' ? { ...layer, contrast: { least: 7, fix: 'scrim', width: 6 } } : layer),
    (layer) => (layer.type === 'text' ? { ...layer, shadow: { dx: 6, dy: 9, blur: random(40), color: '#00000080' } } : layer),
    (layer) => (layer.type === 'text' ? { ...layer, background: { color: '#00000099', radius: 8, padding: [20, 10], fit: 'text' } } : layer),
    (layer) => ({ ...layer, mask: { kind: 'ellipse' } }),
  ];
  const pixels = (canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const differing = [];
  let painted = 0;
  for (let document of documents) {
    const kept = new OffscreenCanvas(1, 1);
    let target = 0;
    for (let step = 0; step < steps; step++) {
      const { layers } = document.formats.square;
      // The same layer several times, as somebody who drags it; then another one.
      if (step % 4 === 0) target = random(layers.length);
      const change = changes[random(changes.length)];
      const next = layers.with(target, change(layers[target]));
      document = { ...document, formats: { ...document.formats, square: { ...document.formats.square, layers: next } } };
      const fresh = new OffscreenCanvas(1, 1);
      const reports = [await preview.draw(kept, document, { ...options, keeper }), await preview.draw(fresh, document, options)];
      const [shown, whole] = [pixels(kept), pixels(fresh)];
      painted += whole.some((value, at) => at % 4 < 3 && value > 0) ? 1 : 0;
      const wrong = whole.reduce((count, value, at) => count + (value !== shown[at] ? 1 : 0), 0);
      if (wrong || JSON.stringify(reports[0]) !== JSON.stringify(reports[1])) differing.push([step, wrong, ...reports.map((report) => JSON.stringify(report.texts.find(({ id }) => id === layers[target].id)))]);
    }
  }
  return { differing, painted };
}
