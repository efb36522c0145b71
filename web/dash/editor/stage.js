import { find, html, render } from "../../shared/js/html.js";
import { rounded } from "./document.js";
import { holds } from "./geometry.js";
import { boxBetween, moved, movedToLine, stretched, touched, turnedTo } from "./gestures.js";
import { Pinch } from "./pinch.js";
import { Rulers } from "./rulers.js";
import { keyStep } from "./stage-keys.js";
import { overlay, told } from "./stage-view.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/** @typedef {import("./document.js").Format} Format */
/** @typedef {import("./geometry.js").Handle} Handle */
/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./working-copy.js").Patches} Patches */
/**
 * What a stage asks of the editor. `change` is one step for one `key`; `endStep` ends it; `cancel` takes the step back.
 * @typedef {object} Owner
 * @property {() => { format: Format, layers: Layer[], tool: string | null, choosesMany: boolean, zoom: number, mayWrite: boolean }} shown `layers`: those chosen
 * @property {(ids: string[]) => void} select
 * @property {(id: string) => void} toggle chooses it too, or not any more
 * @property {(patches: Patches, key: string) => void} change
 * @property {(tool: string, box: Box | null) => void} add
 * @property {() => void} duplicate what is chosen; the copies are chosen then
 * @property {() => void} endStep
 * @property {() => void} cancel
 * @property {(action: string) => void} act
 * @property {(factor: number) => void} zoomBy
 */
/**
 * @typedef {{ kind: "move" | "resize" | "turn" | "draw" | "choose" | "pan", start: Point, client: Point, layers: Layer[], handle: Handle | null,
 *   isMoving: boolean, scroll: Point, tool: string, tapped: string | null }} Gesture `tapped`: the layer that is chosen no more unless it is dragged
 */

const SNAP_PX = 6;
const STARTS_PX = 3;
const LEAST_DRAWN_PX = 8;
const TOUCH_SLACK_PX = 8;

/** The canvas with what lies over it; pointers and keys on it. */
export class Stage {
  #root;
  #owner;
  #rulers;
  #pinch = new Pinch();
  /** @type {Gesture | null} */
  #gesture = null;
  /** @type {import("./snapping.js").Guide[]} */
  #guides = [];
  /** @type {Box | null} */
  #rubber = null;
  #isSpaceDown = false;
  #shown = "";

  /** @param {HTMLElement} root @param {Owner} owner @param {AbortSignal} signal */
  constructor(root, owner, signal) {
    this.#root = root;
    this.#owner = owner;
    render(root, stageFrame());
    const page = this.page;
    this.#rulers = new Rulers(root, page, this.#scroller, signal);
    const options = { signal };
    page.addEventListener("pointerdown", (event) => this.#onDown(event), options);
    page.addEventListener("pointermove", (event) => this.#onMove(event), options);
    page.addEventListener("pointerup", (event) => this.#onUp(event), options);
    page.addEventListener("pointercancel", (event) => this.#onLost(event), options);
    page.addEventListener("dblclick", () => this.#owner.act("edit"), options);
    page.addEventListener("keydown", (event) => this.#onKey(event), options);
    page.addEventListener("keyup", (event) => event.key === " " && (this.#isSpaceDown = false), options);
    page.addEventListener("blur", () => (this.#isSpaceDown = false), options);
    root.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false, signal });
  }

  get canvas() {
    return find(this.#root, "canvas", HTMLCanvasElement);
  }

  get page() {
    return find(this.#root, ".stage-page", HTMLElement);
  }

  get #scroller() {
    return find(this.#root, ".stage-scroll", HTMLElement);
  }

  /** Sizes the page, and shows outlines, handles and guides as they now are; what is typed changes none of that. */
  show() {
    const { format, zoom, layers, tool, mayWrite } = this.#owner.shown();
    const geometry = JSON.stringify([format.width, format.height, zoom, tool, layers.map(({ id, x, y, width, height, rotation }) => [id, x, y, width, height, rotation]), this.#guides, this.#rubber]);
    if (geometry === this.#shown) return;
    this.#shown = geometry;
    this.page.style.inlineSize = `${format.width * zoom}px`;
    this.page.style.blockSize = `${format.height * zoom}px`;
    this.page.toggleAttribute("data-draws", tool !== null);
    this.#rulers.show(zoom);
    render(find(this.#root, ".stage-over", HTMLElement), overlay({ layers, guides: this.#guides, rubber: this.#rubber, zoom, mayWrite }));
  }

  /** @param {string} text read out to those who do not see the canvas */
  tell(text) {
    find(this.#root, "[data-slot=told]", HTMLElement).textContent = text;
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {Point} in format pixels */
  #pointOf({ clientX, clientY }) {
    const { left, top } = this.page.getBoundingClientRect();
    const { zoom } = this.#owner.shown();
    return { x: (clientX - left) / zoom, y: (clientY - top) / zoom };
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    if (event.button > 1) return;
    // The first finger finds no other one down, even if the browser kept to itself how the last touch ended.
    if (event.isPrimary) this.#cancel(), this.#pinch.clear();
    if (this.#pinch.down(event) === 2) this.#cancel();
    this.page.setPointerCapture(event.pointerId);
    if (this.#gesture || this.#pinch.isOn) return;
    this.page.focus({ preventScroll: true });
    event.preventDefault();
    this.#gesture = this.#gestureFrom(event);
  }

  /** @param {PointerEvent} event @returns {Gesture | null} */
  #gestureFrom(event) {
    const { format, layers, tool, zoom, mayWrite, choosesMany } = this.#owner.shown();
    const { scrollLeft, scrollTop } = this.#scroller;
    const start = this.#pointOf(event);
    const base = { start, client: { x: event.clientX, y: event.clientY }, isMoving: false, handle: null, scroll: { x: scrollLeft, y: scrollTop }, tool: tool ?? "text", tapped: null, layers };
    if (this.#isSpaceDown || event.button === 1) return { ...base, kind: "pan" };
    const grip = event.target instanceof Element ? event.target.getAttribute("data-handle") : null;
    if (grip && layers.length === 1 && mayWrite) {
      return { ...base, kind: grip === "turn" ? "turn" : "resize", handle: grip === "turn" ? null : /** @type {Handle} */ (grip) };
    }
    const slack = event.pointerType === "touch" ? TOUCH_SLACK_PX / zoom : 0;
    const isHit = (/** @type {Layer} */ layer) => holds(layer, start, slack);
    // What is chosen stays so under the pointer, although something may lie over it.
    const hit = tool ? null : (layers.find(isHit) ?? format.layers.findLast(isHit) ?? null);
    const isMany = choosesMany || event.shiftKey;
    const wasChosen = hit !== null && layers.includes(hit);
    if (hit && !wasChosen) isMany ? this.#owner.toggle(hit.id) : this.#owner.select([hit.id]);
    if (isMany && !hit && !tool) return { ...base, kind: "choose" };
    if (!mayWrite && !hit) this.#owner.select([]);
    if (!mayWrite) return null;
    return { ...base, kind: hit ? "move" : "draw", layers: this.#owner.shown().layers, tapped: isMany && wasChosen ? hit.id : null };
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const pinched = this.#pinch.move(event);
    if (pinched) return this.#onPinch(pinched);
    const gesture = this.#gesture;
    if (!gesture) return;
    const far = Math.hypot(event.clientX - gesture.client.x, event.clientY - gesture.client.y);
    if (!gesture.isMoving && far < STARTS_PX) return;
    if (!gesture.isMoving && gesture.kind === "move" && event.altKey) {
      this.#owner.duplicate();
      gesture.layers = this.#owner.shown().layers;
    }
    gesture.isMoving = true;
    this.#follow(gesture, event);
  }

  /** @param {Gesture} gesture @param {PointerEvent} event */
  #follow(gesture, event) {
    const { kind, start, layers, handle, client, scroll } = gesture;
    const point = this.#pointOf(event);
    const by = { x: point.x - start.x, y: point.y - start.y };
    const isFree = event.ctrlKey || event.metaKey;
    if (kind === "pan") return this.#scroller.scrollTo(scroll.x - (event.clientX - client.x), scroll.y - (event.clientY - client.y));
    if (kind === "draw" || kind === "choose") {
      this.#rubber = boxBetween(start, point, this.#field(), isFree || kind === "choose");
      return this.show();
    }
    if (kind === "turn") return this.#apply(turnedTo(layers[0], point, event.shiftKey));
    if (kind === "resize" && handle) return this.#apply(stretched(layers[0], handle, by, this.#field(), { keepsRatio: event.shiftKey, isFree }));
    this.#apply(moved(layers, by, this.#field(), { isStraight: event.shiftKey, isFree }));
  }

  /** @param {import("./gestures.js").Change} change @param {string} [key] */
  #apply({ patches, guides }, key = "gesture") {
    this.#guides = guides;
    this.#owner.change(patches, key);
  }

  #field() {
    const { format, zoom } = this.#owner.shown();
    return { format, reach: SNAP_PX / zoom };
  }

  /** @param {PointerEvent} event */
  #onUp(event) {
    this.#pinch.up(event);
    const gesture = this.#gesture;
    if (!gesture) return;
    const drawn = this.#rubber;
    this.#end();
    this.#owner.endStep();
    if (gesture.kind === "draw") this.#finishDrawing(gesture, drawn);
    else if (gesture.kind === "choose") this.#owner.select(drawn ? [...new Set([...gesture.layers.map(({ id }) => id), ...touched(this.#owner.shown().format, drawn)])] : []);
    else if (gesture.tapped && !gesture.isMoving) this.#owner.toggle(gesture.tapped);
    if (gesture.isMoving && gesture.kind !== "pan") this.#tellChosen();
    this.show();
  }

  /** @param {Gesture} gesture @param {Box | null} drawn */
  #finishDrawing({ tool }, drawn) {
    const { zoom } = this.#owner.shown();
    if (drawn && Math.min(drawn.width, drawn.height) * zoom >= LEAST_DRAWN_PX) this.#owner.add(tool, rounded(drawn));
    else this.#owner.select([]);
  }

  #tellChosen() {
    const { layers } = this.#owner.shown();
    if (layers.length) this.tell(layers.length === 1 ? told(layers[0]) : `${layers.length} layers are chosen`);
  }

  #end() {
    this.#gesture = null;
    this.#guides = [];
    this.#rubber = null;
  }

  /** @param {PointerEvent} event */
  #onLost(event) {
    this.#pinch.up(event);
    this.#cancel();
  }

  #cancel() {
    if (!this.#gesture) return;
    const { isMoving, kind } = this.#gesture;
    this.#end();
    if (isMoving && !["draw", "choose", "pan"].includes(kind)) this.#owner.cancel();
    this.show();
  }

  /** Two fingers: what lies between them stays there. @param {{ factor: number, by: Point, centre: Point }} pinched */
  #onPinch({ factor, by, centre }) {
    this.#zoomAt(factor, centre);
    this.#scroller.scrollBy(-by.x, -by.y);
  }

  /** @param {number} factor @param {Point} centre of the screen, which stays where it is */
  #zoomAt(factor, { x, y }) {
    const before = this.#pointOf({ clientX: x, clientY: y });
    this.#owner.zoomBy(factor);
    const after = this.#pointOf({ clientX: x, clientY: y });
    const { zoom } = this.#owner.shown();
    this.#scroller.scrollBy((before.x - after.x) * zoom, (before.y - after.y) * zoom);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === " ") {
      event.preventDefault();
      this.#isSpaceDown = true;
      return;
    }
    if (event.key === "Escape") {
      if (this.#gesture) this.#cancel();
      else this.#owner.act("leave");
      return event.preventDefault();
    }
    const { format, layers, mayWrite } = this.#owner.shown();
    const step = keyStep(event, layers);
    if (!step || (!mayWrite && !("view" in step) && !("all" in step))) return;
    event.preventDefault();
    if ("act" in step) return this.#owner.act(step.act);
    if ("view" in step) return this.#owner.zoomBy(step.view);
    if ("all" in step) this.#owner.select(format.layers.map(({ id }) => id));
    else if ("toLine" in step) this.#apply(movedToLine(layers, step.toLine, format), "");
    else this.#owner.change(step.patches, stepKey(step.patches));
    this.#tellChosen();
    if ("toLine" in step) this.show();
    this.#guides = [];
  }

  /** @param {WheelEvent} event */
  #onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#zoomAt(Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
  }
}

/** Moving, resizing and turning by keys are steps of their own. @param {Patches} patches */
function stepKey(patches) {
  return [...patches].map(([id, patch]) => `key:${id}:${Object.keys(patch)}`).join();
}

function stageFrame() {
  return html`<div class="stage-scroll" data-key="scroll"><div class="stage-page" data-key="page" tabindex="0" role="application" aria-label="Canvas" aria-describedby="stage-help">
      <canvas data-key="canvas"></canvas><div data-key="over" class="stage-over" aria-hidden="true"></div></div></div>
    <p class="visually-hidden" id="stage-help">Arrow keys move what is chosen by one pixel, with Shift by ten, with Alt to the next line where it would catch; with Ctrl they resize a layer. Comma and full stop turn it. Enter edits it, Delete removes it, Page Up and Page Down change the order, Ctrl and A chooses all. Layers are chosen in the list of layers.</p>
    <p class="visually-hidden" role="status" data-slot="told"></p>`;
}
