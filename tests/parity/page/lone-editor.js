/** The template editor as the dashboard mounts it, over a server of a few lines; `kept` is what that holds. */
import { Editor } from "/dash/editor/editor.js";

/** Resolves when it is drawn. @param {any} document_ */
export async function mount(document_) {
  const kept = { document: document_, published: [document_], revision: 0 };
  const { families } = await (await fetch("/cdn/fonts/fonts.json")).json();
  const fonts = families.map(({ family, axes, weight = 400 }) => ({ family, weights: axes.wght ?? [weight, weight] }));
  const context = { api: serverOf(kept), config: { assetBase: "/cdn" }, workspace: { may: () => true } };
  const visit = { signal: new AbortController().signal, guard: () => {} };
  const draft = { slug: "lone", document: document_, revision: 0, number: 1, is_changed: false };
  const drawn = new Promise((resolve) => document.addEventListener("drawn", resolve, { once: true }));
  new Editor(context, document.querySelector(".view"), visit, { draft, settings: {}, fonts }).start();
  window.kept = kept;
  await drawn;
}

function serverOf(kept) {
  return {
    async put(_path, { document }) {
      kept.document = structuredClone(document);
      return { revision: ++kept.revision, saved_at: new Date().toISOString() };
    },
    async post() {
      return { number: kept.published.push(kept.document), revision: ++kept.revision };
    },
    async get(path) {
      const [, number] = /versions\/(\d+)$/.exec(path) ?? [];
      return number ? { document: kept.published[Number(number) - 1] } : { items: versionsOf(kept), next: null };
    },
  };
}

function versionsOf({ published }) {
  const last = published.length;
  const entry = (number) => ({ number, created_at: "2026-01-01T00:00:00Z", published: number === last, thumbnail_url: null });
  return published.map((_, at) => entry(at + 1)).reverse();
}
