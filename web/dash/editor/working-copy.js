import { freeId, withLayers } from "./document.js";
import { History } from "./history.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {Map<string, Record<string, any>>} Patches what changes of each layer, by its id */

/** The template being edited: its document with undo and redo, the format shown, and the layers chosen in it. */
export class WorkingCopy {
  /** @type {History<TemplateDocument>} */
  #history;
  #format;
  /** @type {string[]} */
  #selected = [];
  #onChange;

  /** @param {TemplateDocument} document @param {() => void} onChange after each change of the document */
  constructor(document, onChange) {
    this.#history = new History(document);
    this.#format = Object.keys(document.formats)[0];
    this.#onChange = onChange;
  }

  get document() {
    return this.#history.now;
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  get format() {
    return this.#format;
  }

  get shape() {
    return this.document.formats[this.#format];
  }

  /** Ids of the layers chosen. @returns {string[]} */
  get selected() {
    return this.#selected;
  }

  /** The layers chosen, from the lowest up. */
  get layers() {
    return this.shape.layers.filter(({ id }) => this.#selected.includes(id));
  }

  /** The only layer chosen. @returns {Layer | null} */
  get layer() {
    return this.#selected.length === 1 ? (this.layers[0] ?? null) : null;
  }

  /** @param {string[]} ids @returns {boolean} whether others are chosen now */
  select(ids) {
    if (ids.join("\n") === this.#selected.join("\n")) return false;
    this.#selected = ids;
    this.#history.endStep();
    return true;
  }

  /** What would be chosen with the layer too, or without it. @param {string} id @returns {string[]} */
  toggled(id) {
    return this.#selected.includes(id) ? this.#selected.filter((each) => each !== id) : [...this.#selected, id];
  }

  /** The layer chosen has another id from now on. @param {string} id */
  rename(id) {
    this.#selected = [id];
  }

  /** @param {string} format */
  turnTo(format) {
    this.#format = format;
    this.#selected = [];
  }

  endStep() {
    this.#history.endStep();
  }

  /** The one way by which the document changes. @param {TemplateDocument} document @param {string} [key] what is one step of undo */
  change(document, key = "") {
    this.#history.change(document, key);
    this.#afterwards();
  }

  /** @param {Patches} patches @param {string} [key] */
  patch(patches, key) {
    this.change(
      withLayers(this.document, this.#format, (layers) => layers.map((layer) => (patches.has(layer.id) ? patched(layer, patches.get(layer.id) ?? {}) : layer))),
      key,
    );
  }

  /** @param {"undo" | "redo"} way @returns {boolean} */
  travel(way) {
    const isDone = this.#history[way]();
    if (isDone) this.#afterwards();
    return isDone;
  }

  /** @param {string} wanted @param {Omit<Layer, "id">} layer @returns {string} its id */
  add(wanted, layer) {
    const id = freeId(this.shape, wanted);
    this.#selected = [id];
    this.change(withLayers(this.document, this.#format, (layers) => [...layers, /** @type {Layer} */ ({ id, ...layer })]));
    return id;
  }

  /** Copies what is chosen, each right over its original, and chooses the copies. @param {number} by px that they lie off */
  duplicate(by) {
    const { shape } = this;
    const layers = [...shape.layers];
    const copies = this.layers.map((layer) => {
      const copy = { ...layer, id: freeId({ ...shape, layers }, layer.id), x: layer.x + by, y: layer.y + by };
      layers.splice(layers.indexOf(layer) + 1, 0, copy);
      return copy.id;
    });
    this.#selected = copies;
    this.change(withLayers(this.document, this.#format, () => layers));
  }

  remove() {
    const gone = this.#selected;
    this.change(withLayers(this.document, this.#format, (layers) => layers.filter(({ id }) => !gone.includes(id))));
  }

  /** @param {number} by places, upwards is more than nothing */
  reorder(by) {
    const layer = this.layer;
    if (!layer) return;
    this.change(
      withLayers(this.document, this.#format, (layers) => {
        const at = layers.indexOf(layer);
        return at + by < 0 || at + by >= layers.length ? layers : layers.toSpliced(at, 1).toSpliced(at + by, 0, layer);
      }),
    );
  }

  /** Another document may lack the format, or the layers, that were in use. */
  #afterwards() {
    if (!this.document.formats[this.#format]) this.#format = Object.keys(this.document.formats)[0];
    const known = new Set(this.shape.layers.map(({ id }) => id));
    if (!this.#selected.every((id) => known.has(id))) this.#selected = this.#selected.filter((id) => known.has(id));
    this.#onChange();
  }
}

/** What a patch holds as undefined is taken away. @param {Layer} layer @param {Record<string, any>} patch */
function patched(layer, patch) {
  return /** @type {Layer} */ (Object.fromEntries(Object.entries({ ...layer, ...patch }).filter(([, value]) => value !== undefined)));
}
