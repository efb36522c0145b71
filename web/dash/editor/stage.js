import { attrs, find, html, render } from "../../shared/js/html.js";
import { nameOf, rounded, tenth } from "./document.js";
import { HANDLES, angleTowards, boundsOf, holds, resized, upright } from "./geometry.js";
import { linesOf, snap } from "./snapping.js";
import { keyStep } from "./stage-keys.js";

/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */
/** @typedef {import("./geometry.js").Handle} Handle */
/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./document.js").Format} Format */
/**
 * What a stage asks of the editor. `change` is one step for one `key`; `step` ends it; `cancel` takes the step back.
 * @typedef {object} Owner
 * @property {() => { format: Format, selected: string | null, tool: string | null, zoom: number, mayWrite: boolean }} shown
 * @property {(id: string | null) => void} select
 * @property {(id: string, patch: Record<string, any>, key: string) => void} change
 * @property {(tool: string, box: Box | null) => void} add
 * @property {(id: string) => string} duplicate gives the copy's id
 * @property {() => void} endStep
 * @property {() => void} cancel
 * @property {(action: string) => void} act
 * @property {(factor: number) => void} zoomBy
 */
/**
 * @typedef {{ kind: "move" | "resize" | "turn" | "draw" | "pan", start: Point, client: Point, layer: Layer | null, handle: Handle | null,
 *   isMoving: boolean, scroll: Point, tool: string }} Gesture
 */

const SNAP_PX = 6;
const STARTS_PX = 3;
const LEAST_DRAWN_PX = 8;
const TURN_STEP = 15;
const TURN_SNAP = 3;
const TURN_ARM_PX = 28;

/** The canvas with what lies over it: outlines, handles, guides; pointer and keys on it. */
export class Stage {
  #root;
  #owner;
  /** @type {Gesture | null} */
  #gesture = null;
  /** @type {import("./snapping.js").Guide[]} */
  #guides = [];
  /** @type {Box | null} */
  #rubber = null;
  #isSpaceDown = false;

  /** @param {HTMLElement} root @param {Owner} owner @param {AbortSignal} signal */
  constructor(root, owner, signal) {
    this.#root = root;
    this.#owner = owner;
    render(
      root,
      html`<div class="stage-scroll" data-key="scroll"><div class="stage-page" data-key="page" tabindex="0" role="application" aria-label="Canvas" aria-describedby="stage-help">
          <canvas data-key="canvas"></canvas><div data-key="over" class="stage-over" aria-hidden="true"></div></div></div>
        <p class="visually-hidden" id="stage-help">Arrow keys move the selected layer by one pixel, with Shift by ten; with Ctrl they resize it. Comma and full stop turn it. Enter edits it, Delete removes it, Page Up and Page Down change the order. Layers are chosen in the list of layers.</p>
        <p class="visually-hidden" role="status" data-slot="told"></p>`,
    );
    const page = this.page;
    const options = { signal };
    page.addEventListener("pointerdown", (event) => this.#onDown(event), options);
    page.addEventListener("pointermove", (event) => this.#onMove(event), options);
    page.addEventListener("pointerup", (event) => this.#onUp(event), options);
    page.addEventListener("pointercancel", () => this.#cancel(), options);
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

  /** Sizes the page, and shows outlines, handles and guides as they now are. */
  show() {
    const { format, zoom, selected, tool, mayWrite } = this.#owner.shown();
    const [width, height] = [format.width * zoom, format.height * zoom];
    this.page.style.inlineSize = `${width}px`;
    this.page.style.blockSize = `${height}px`;
    this.page.toggleAttribute("data-draws", tool !== null);
    const layer = format.layers.find(({ id }) => id === selected);
    const over = find(this.#root, ".stage-over", HTMLElement);
    render(over, html`<svg width="100%" height="100%">${layer && this.#selection(layer, zoom, mayWrite)}${this.#guides.map((guide) => guideLine(guide, zoom))}${this.#rubber && box(this.#rubber, zoom, "rubber")}</svg>`);
  }

  /** @param {string} text read out to those who do not see the canvas */
  tell(text) {
    find(this.#root, "[data-slot=told]", HTMLElement).textContent = text;
  }

  /** @param {Layer} layer @param {number} zoom @param {boolean} mayWrite */
  #selection(layer, zoom, mayWrite) {
    const [x, y, width, height] = [layer.x, layer.y, layer.width, layer.height].map((value) => value * zoom);
    const turn = `rotate(${layer.rotation ?? 0} ${x + width / 2} ${y + height / 2})`;
    if (!mayWrite) return html`<g data-key="selection" transform="${turn}">${box(layer, zoom, "outline")}</g>`;
    const knobs = Object.entries(HANDLES).filter(([name]) => hasRoom(name, width, height));
    return html`<g data-key="selection" transform="${turn}">
      ${box(layer, zoom, "outline")}
      <line class="arm" x1="${x + width / 2}" y1="${y}" x2="${x + width / 2}" y2="${y - TURN_ARM_PX}"/>
      <circle class="grip" data-handle="turn" cx="${x + width / 2}" cy="${y - TURN_ARM_PX}" r="14"/>
      <circle class="knob" cx="${x + width / 2}" cy="${y - TURN_ARM_PX}" r="6"/>
      ${knobs.map(([name, [horizontal, vertical]]) => {
        const [left, top] = [x + (width * (1 + horizontal)) / 2, y + (height * (1 + vertical)) / 2];
        return html`<rect class="grip" data-handle="${name}" x="${left - 12}" y="${top - 12}" width="24" height="24"/><rect class="knob" x="${left - 5}" y="${top - 5}" width="10" height="10" rx="2"/>`;
      })}</g>`;
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {Point} in format pixels */
  #pointOf({ clientX, clientY }) {
    const { left, top } = this.page.getBoundingClientRect();
    const { zoom } = this.#owner.shown();
    return { x: (clientX - left) / zoom, y: (clientY - top) / zoom };
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    if (event.button > 1 || this.#gesture) return;
    const { format, selected, tool, zoom, mayWrite } = this.#owner.shown();
    this.page.focus({ preventScroll: true });
    event.preventDefault();
    this.page.setPointerCapture(event.pointerId);
    const scroller = find(this.#root, ".stage-scroll", HTMLElement);
    const base = { start: this.#pointOf(event), client: { x: event.clientX, y: event.clientY }, isMoving: false, handle: null, scroll: { x: scroller.scrollLeft, y: scroller.scrollTop }, tool: tool ?? "text" };
    if (this.#isSpaceDown || event.button === 1) return void (this.#gesture = { ...base, kind: "pan", layer: null });
    const held = format.layers.find(({ id }) => id === selected) ?? null;
    const grip = event.target instanceof Element ? event.target.getAttribute("data-handle") : null;
    if (grip && held && mayWrite) {
      return void (this.#gesture = { ...base, kind: grip === "turn" ? "turn" : "resize", layer: held, handle: grip === "turn" ? null : /** @type {Handle} */ (grip) });
    }
    const slack = event.pointerType === "touch" ? 8 / zoom : 0;
    // What is selected stays so under the pointer, although something may lie over it.
    const hit = tool ? null : held && holds(held, base.start, slack) ? held : (format.layers.findLast((layer) => holds(layer, base.start, slack)) ?? null);
    if (hit) this.#owner.select(hit.id);
    if (mayWrite) this.#gesture = { ...base, kind: hit ? "move" : "draw", layer: hit };
    else if (!hit) this.#owner.select(null);
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const gesture = this.#gesture;
    if (!gesture) return;
    const far = Math.hypot(event.clientX - gesture.client.x, event.clientY - gesture.client.y);
    if (!gesture.isMoving && far < STARTS_PX) return;
    if (!gesture.isMoving && gesture.kind === "move" && event.altKey && gesture.layer) this.#copy(gesture);
    gesture.isMoving = true;
    const point = this.#pointOf(event);
    const isFree = event.ctrlKey || event.metaKey;
    if (gesture.kind === "pan") this.#pan(gesture, event);
    else if (gesture.kind === "draw") this.#draw(gesture, point, isFree);
    else if (gesture.kind === "turn") this.#turn(gesture, point, event.shiftKey);
    else if (gesture.kind === "resize") this.#resize(gesture, point, { keepsRatio: event.shiftKey, isFree });
    else this.#move(gesture, point, { isStraight: event.shiftKey, isFree });
  }

  /** @param {PointerEvent} _event */
  #onUp(_event) {
    const gesture = this.#gesture;
    if (!gesture) return;
    this.#gesture = null;
    const { zoom, format, selected } = this.#owner.shown();
    const drawn = this.#rubber;
    this.#guides = [];
    this.#rubber = null;
    this.#owner.endStep();
    if (gesture.kind === "draw") {
      if (drawn && Math.min(drawn.width, drawn.height) * zoom >= LEAST_DRAWN_PX) this.#owner.add(gesture.tool, rounded(drawn));
      else this.#owner.select(null);
    }
    const layer = format.layers.find(({ id }) => id === selected);
    if (gesture.isMoving && layer) this.tell(told(layer));
    this.show();
  }

  #cancel() {
    if (!this.#gesture) return;
    const { isMoving, kind } = this.#gesture;
    this.#gesture = null;
    this.#guides = [];
    this.#rubber = null;
    if (isMoving && kind !== "draw" && kind !== "pan") this.#owner.cancel();
    this.show();
  }

  /** @param {Gesture} gesture */
  #copy(gesture) {
    const id = this.#owner.duplicate(/** @type {Layer} */ (gesture.layer).id);
    gesture.layer = this.#owner.shown().format.layers.find((layer) => layer.id === id) ?? null;
  }

  /** @param {Gesture} gesture @param {PointerEvent} event */
  #pan({ client, scroll }, event) {
    find(this.#root, ".stage-scroll", HTMLElement).scrollTo(scroll.x - (event.clientX - client.x), scroll.y - (event.clientY - client.y));
  }

  /** @param {Gesture} gesture @param {Point} point @param {boolean} isFree */
  #draw({ start }, point, isFree) {
    const caught = (/** @type {Point} */ { x, y }) => {
      if (isFree) return { x, y };
      const { dx, dy } = snap({ x, y, width: 0, height: 0 }, this.#lines(null), this.#reach(), { x: [0], y: [0] });
      return { x: x + dx, y: y + dy };
    };
    const [from, to] = [caught(start), caught(point)];
    this.#rubber = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
    this.show();
  }

  /** @param {Gesture} gesture @param {Point} point @param {{ isStraight: boolean, isFree: boolean }} options */
  #move(gesture, point, { isStraight, isFree }) {
    const layer = /** @type {Layer} */ (gesture.layer);
    let [dx, dy] = [point.x - gesture.start.x, point.y - gesture.start.y];
    if (isStraight) [dx, dy] = Math.abs(dx) > Math.abs(dy) ? [dx, 0] : [0, dy];
    const bounds = boundsOf(layer);
    const moved = { ...bounds, x: bounds.x + dx, y: bounds.y + dy };
    const caught = isFree ? { dx: 0, dy: 0, guides: [] } : snap(moved, this.#lines(layer.id), this.#reach());
    this.#guides = caught.guides;
    this.#owner.change(layer.id, { x: tenth(layer.x + dx + caught.dx), y: tenth(layer.y + dy + caught.dy) }, "gesture");
  }

  /** @param {Gesture} gesture @param {Point} point @param {{ keepsRatio: boolean, isFree: boolean }} options */
  #resize(gesture, point, { keepsRatio, isFree }) {
    const layer = /** @type {Layer} */ (gesture.layer);
    const handle = /** @type {Handle} */ (gesture.handle);
    const [horizontal, vertical] = HANDLES[handle];
    let by = { x: point.x - gesture.start.x, y: point.y - gesture.start.y };
    this.#guides = [];
    if (!isFree && !keepsRatio && !((layer.rotation ?? 0) % 360)) {
      const edges = { x: horizontal ? [(1 + horizontal) / 2] : [], y: vertical ? [(1 + vertical) / 2] : [] };
      const caught = snap(resized(layer, handle, by), this.#lines(layer.id), this.#reach(), edges);
      by = { x: by.x + caught.dx, y: by.y + caught.dy };
      this.#guides = caught.guides;
    }
    this.#owner.change(layer.id, rounded(resized(layer, handle, by, { keepsRatio })), "gesture");
  }

  /** @param {Gesture} gesture @param {Point} point @param {boolean} inSteps */
  #turn(gesture, point, inSteps) {
    const layer = /** @type {Layer} */ (gesture.layer);
    const angle = angleTowards(layer, point);
    const near = Math.round(angle / 45) * 45;
    const rotation = inSteps ? Math.round(angle / TURN_STEP) * TURN_STEP : Math.abs(angle - near) < TURN_SNAP ? near : tenth(angle);
    this.#owner.change(layer.id, { rotation: upright(rotation) }, "gesture");
  }

  /** @param {string | null} except */
  #lines(except) {
    const { format } = this.#owner.shown();
    return linesOf(format, format.layers.filter(({ id }) => id !== except).map(boundsOf));
  }

  #reach() {
    return SNAP_PX / this.#owner.shown().zoom;
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
    const { format, selected, mayWrite } = this.#owner.shown();
    const layer = format.layers.find(({ id }) => id === selected);
    const step = keyStep(event, layer ?? null);
    if (!step || (!mayWrite && !("view" in step))) return;
    event.preventDefault();
    if ("act" in step) return this.#owner.act(step.act);
    if ("view" in step) return this.#owner.zoomBy(step.view);
    if (!layer) return;
    this.#owner.change(layer.id, step.patch, `key:${layer.id}`);
    this.tell(told({ ...layer, ...step.patch }));
  }

  /** @param {WheelEvent} event */
  #onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#owner.zoomBy(Math.exp(-event.deltaY / 300));
  }
}

/** Handles of a thin box must not lie on each other, nor on all of what one takes hold of to move it. @param {string} name @param {number} width @param {number} height */
function hasRoom(name, width, height) {
  if (name.length === 2) return height > 24 || width <= 24;
  return height > 40 ? width > 40 || /[ew]/.test(name) : height <= 24 && width > 24 && /[ew]/.test(name);
}

/** @param {Layer} layer */
const told = (layer) => `${nameOf(layer)}: x ${layer.x}, y ${layer.y}, ${layer.width} by ${layer.height}, turned by ${layer.rotation ?? 0}°`;

/** @param {Box} shape @param {number} zoom @param {string} name */
function box({ x, y, width, height }, zoom, name) {
  return html`<rect${attrs({ class: name, x: x * zoom, y: y * zoom, width: width * zoom, height: height * zoom })}/>`;
}

/** @param {import("./snapping.js").Guide} guide @param {number} zoom */
function guideLine({ axis, at, from, to }, zoom) {
  const [a, b, c] = [at * zoom, from * zoom, to * zoom];
  return axis === "x" ? html`<line class="guide" x1="${a}" y1="${b}" x2="${a}" y2="${c}"/>` : html`<line class="guide" x1="${b}" y1="${a}" x2="${c}" y2="${a}"/>`;
}

