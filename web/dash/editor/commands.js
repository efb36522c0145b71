import { saveFile } from "../../shared/js/save-file.js";
import { aligned, spread } from "./arranging.js";
import { nameOf, put, rounded, TOOLS } from "./document.js";
import { choosePicture } from "./library-dialog.js";
import { askForFormat } from "./new-format-dialog.js";
import { formatOf } from "./new-format.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/**
 * @typedef {object} Parts
 * @property {import("../overview-view.js").Context} context
 * @property {AbortSignal} signal
 * @property {import("./working-copy.js").WorkingCopy} copy
 * @property {import("./publication.js").Publication} publication
 * @property {() => boolean} mayWrite
 * @property {(ids: string[]) => void} select
 * @property {(format: string) => void} turnTo
 * @property {() => void} focusText
 * @property {(text: string) => void} tell
 * @property {() => void} onMode another tool is armed
 */

/** @typedef {"layer" | "background" | "mask" | "new"} Picked what a picture is chosen for */

const COPY_LIES_OFF_PX = 24;

/** What buttons and keys do, and the tool that is armed. */
export class Commands {
  #parts;
  /** @type {string | null} */
  tool = null;
  /** Each layer tapped is chosen too, as with Shift. */
  choosesMany = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {string} action */
  act(action) {
    const { copy, publication, focusText, mayWrite } = this.#parts;
    if (action === "leave") return this.#leave();
    if (action === "many") return this.#arm(null, !this.choosesMany);
    if (action === "edit") return copy.layer ? focusText() : undefined;
    if (action === "conflict") return void publication.settle();
    if (action === "export") return this.#export();
    if (!mayWrite()) return;
    if (action === "undo" || action === "redo") return void copy.travel(action);
    if (action === "publish") return void publication.publish();
    if (action === "versions") return void publication.compareVersion();
    if (action === "discard") return void publication.discard();
    if (action === "picture") return void this.pick("new");
    if (action === "new-format") return void this.#addFormat();
    if (action === "drop-format") return this.#dropFormat();
    if (copy.layers.length) this.#actOnLayers(action);
  }

  /** @param {string} action */
  #actOnLayers(action) {
    const { copy, tell } = this.#parts;
    if (action === "duplicate") return copy.duplicate(COPY_LIES_OFF_PX);
    if (action === "raise" || action === "lower") return copy.reorder(action === "raise" ? 1 : -1);
    if (action !== "remove") return;
    const names = copy.layers.map(nameOf).join(", ");
    copy.remove();
    tell(`Removed ${names}`);
  }

  async #addFormat() {
    const { copy, signal, turnTo } = this.#parts;
    const asked = await askForFormat(Object.keys(copy.document.formats), copy.format);
    if (!asked || signal.aborted) return;
    const { name, ...size } = asked;
    copy.change(put(copy.document, `formats.${name}`, formatOf(copy.shape, size)));
    turnTo(name);
  }

  #dropFormat() {
    const { copy, tell, turnTo } = this.#parts;
    const { document, format } = copy;
    const others = Object.keys(document.formats).filter((name) => name !== format);
    if (!others.length) return;
    copy.change(put(document, `formats.${format}`, undefined));
    turnTo(others[0]);
    tell(`Removed the format ${format}`);
  }

  /** @param {string} side */
  align(side) {
    const { copy } = this.#parts;
    copy.patch(aligned(copy.layers, side, copy.shape));
  }

  /** @param {string} axis */
  spread(axis) {
    const { copy } = this.#parts;
    copy.patch(spread(copy.layers, axis === "x" ? "x" : "y"));
  }

  /** A tool is armed for drawing by the pointer; by the keyboard its layer is put into the middle at once. @param {string} tool @param {boolean} isByKey */
  choose(tool, isByKey) {
    if (isByKey || this.tool === tool) this.add(tool, null);
    else this.#arm(tool, false);
  }

  /** @param {string} tool @param {Box | null} box null: in the middle */
  add(tool, box) {
    const isSquare = tool === "qr" || tool === "logo";
    this.#addLayer(tool, TOOLS[tool].make(box ?? this.#middle(isSquare)));
  }

  /** @param {Picked} what */
  async pick(what) {
    const { context, signal, copy } = this.#parts;
    const key = await choosePicture(context, signal);
    if (!key || signal.aborted) return;
    const { document, format, layer } = copy;
    if (what === "background") return copy.change(put(document, `formats.${format}.background`, { asset: key }));
    if (what === "new") return this.#addLayer("picture", { type: "image", ...this.#middle(true), asset: key, fit: "cover" });
    if (layer) copy.patch(new Map([[layer.id, what === "mask" ? { mask: { kind: "asset", asset: key } } : { field: undefined, asset: key }]]));
  }

  /** @param {string | null} tool @param {boolean} choosesMany */
  #arm(tool, choosesMany) {
    this.tool = tool;
    this.choosesMany = choosesMany;
    this.#parts.onMode();
  }

  #leave() {
    this.#parts.select([]);
    this.#arm(null, false);
  }

  #export() {
    const { document } = this.#parts.copy;
    saveFile(new Blob([JSON.stringify(document, null, 1)], { type: "application/json" }), `${document.slug}.json`);
  }

  /** @param {string} wanted @param {Omit<Layer, "id">} layer */
  #addLayer(wanted, layer) {
    const { copy, tell } = this.#parts;
    this.tool = null;
    tell(`Added ${copy.add(wanted, layer)}`);
  }

  /** @param {boolean} isSquare @returns {Box} */
  #middle(isSquare) {
    const { width, height } = this.#parts.copy.shape;
    const side = Math.min(width, height) * 0.3;
    const size = { width: isSquare ? side : width * 0.6, height: isSquare ? side : height * 0.15 };
    return rounded({ x: (width - size.width) / 2, y: (height - size.height) / 2, ...size });
  }
}
