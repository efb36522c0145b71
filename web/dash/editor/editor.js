import { confirmDestruction } from "../../shared/components/dialog.js";
import { toast, toastError } from "../../shared/components/toast.js";
import { assetAddress } from "../../shared/js/config.js";
import { find, html, listen, render } from "../../shared/js/html.js";
import { saveFile } from "../../shared/js/save-file.js";
import { chooseVersion } from "../templates-versions.js";
import { chooseOf } from "./compare-dialog.js";
import { freeId, nameOf, put, rounded, TOOLS, withLayer, withLayers } from "./document.js";
import { Drawing } from "./drawing.js";
import { editorBar, faultList, formatStrip, stageBar } from "./editor-bar.js";
import { History } from "./history.js";
import { layerList, toolBar } from "./layer-list.js";
import { choosePicture } from "./library-dialog.js";
import { Panel } from "./panel.js";
import { Saver } from "./saving.js";
import { Stage } from "./stage.js";
import { placeFaults } from "./words.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {import("./document.js").Layer} Layer */
/** @typedef {import("./document.js").Box} Box */

const STAGE_ROOM_PX = 64;
const LEAST_ZOOM = 0.05;
const MOST_ZOOM = 4;
const PUBLISH_MS = 30_000;
const SAMPLE_LINK = "https://example.com/?promo={code}";

/** One template being edited. */
export class Editor {
  #context;
  #container;
  #visit;
  #settings;
  #fonts;
  #slug;
  #number;
  #hasDraft;
  /** @type {History<TemplateDocument>} */
  #history;
  #saver;
  #format;
  /** @type {string | null} */
  #selected = null;
  /** @type {string | null} */
  #tool = null;
  #sample = "normal";
  #zoom = 0.5;
  #fits = true;
  #isPublishing = false;
  #isFrameAsked = false;
  /** @type {import("./words.js").Warning[]} */
  #warnings = [];
  /** @type {import("./words.js").Fault[]} */
  #faults = [];
  /** @type {string | null} */
  #problem = null;
  /** @type {Stage} */
  #stage;
  /** @type {Panel} */
  #panel;
  /** @type {Drawing} */
  #drawing;

  /**
   * @param {import("../overview-view.js").Context} context @param {HTMLElement} container @param {import("../../shared/components/shell.js").Visit} visit
   * @param {{ draft: import("./saving.js").Draft, settings: import("../settings-rules.js").Settings, fonts: import("./properties.js").FontFamily[] }} loaded
   */
  constructor(context, container, visit, { draft, settings, fonts }) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#settings = settings;
    this.#fonts = fonts;
    this.#slug = draft.slug;
    this.#number = draft.number;
    this.#hasDraft = draft.is_changed;
    this.#history = new History(draft.document);
    this.#format = Object.keys(draft.document.formats)[0];
    this.#saver = new Saver({ api: context.api, draft, signal: visit.signal, onState: () => this.#onSaved() });
    render(container, frame());
    const slot = (/** @type {string} */ name) => find(container, `[data-slot=${name}]`, HTMLElement);
    this.#stage = new Stage(slot("stage"), this.#stageOwner(), visit.signal);
    this.#panel = new Panel(slot("panel"), this.#panelOwner());
    this.#drawing = new Drawing({
      assetBase: context.config.assetBase,
      link: settings.referral_link ?? SAMPLE_LINK,
      logoUrl: settings.logo_url && assetAddress(settings.logo_url, context.config.assetBase),
      canvas: this.#stage.canvas,
      signal: visit.signal,
      strip: () => this.#stripCanvases(),
      onWarnings: (warnings) => ((this.#warnings = warnings), this.#frame()),
      onProblem: (problem) => problem !== this.#problem && ((this.#problem = problem), this.#frame()),
      onDrawn: () => this.#stage.canvas.dispatchEvent(new CustomEvent("drawn", { bubbles: true })),
    });
  }

  get #mayWrite() {
    return this.#context.workspace.may("templates.write");
  }

  get #document() {
    return this.#history.now;
  }

  get #shape() {
    return this.#document.formats[this.#format];
  }

  /** @returns {Layer | null} */
  get #layer() {
    return this.#shape.layers.find(({ id }) => id === this.#selected) ?? null;
  }

  start() {
    this.#visit.guard(() => (this.#saver.isDirty ? "The last changes of this template are not saved yet." : null));
    this.#listen();
    const watcher = new ResizeObserver(() => this.#fits && this.#fit());
    watcher.observe(find(this.#container, "[data-slot=stage]", HTMLElement));
    this.#visit.signal.addEventListener("abort", () => watcher.disconnect());
    this.#fit();
    this.#showAll();
  }

  #listen() {
    const root = find(this.#container, ".editor", HTMLElement);
    listen(root, "click", "[data-layer]", (_event, { dataset }) => this.#select(dataset.layer || null));
    listen(root, "click", "[data-tool]", (event, { dataset }) => this.#choose(dataset.tool ?? "", /** @type {MouseEvent} */ (event).detail === 0));
    listen(root, "click", "[data-act]", (_event, { dataset }) => this.#act(dataset.act ?? ""));
    listen(root, "click", "[data-format]", (_event, { dataset }) => this.#turnTo(dataset.format ?? ""));
    listen(root, "click", "[data-zoom]", (_event, { dataset }) => (dataset.zoom === "fit" ? this.#fit() : this.#zoomTo(Number(dataset.zoom))));
    listen(root, "click", "[data-fault]", (_event, { dataset }) => this.#goTo(this.#faults[Number(dataset.fault)]));
    listen(root, "change", "#sample", (_event, control) => ((this.#sample = /** @type {HTMLSelectElement} */ (control).value), this.#draw()));
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "s") void this.#saver.flush();
    else if (key === "y" || (key === "z" && event.shiftKey)) this.#act("redo");
    else if (key === "z") this.#act("undo");
    else return;
    event.preventDefault();
  }

  /** @returns {import("./stage.js").Owner} */
  #stageOwner() {
    return {
      shown: () => ({ format: this.#shape, selected: this.#selected, tool: this.#tool, zoom: this.#zoom, mayWrite: this.#mayWrite }),
      select: (id) => this.#select(id),
      change: (id, patch, key) => this.#change(withLayer(this.#document, this.#format, id, (layer) => ({ ...layer, ...patch })), key),
      add: (tool, box) => this.#add(tool, box),
      duplicate: (id) => this.#duplicate(id, 0),
      endStep: () => this.#history.endStep(),
      cancel: () => this.#act("undo"),
      act: (action) => this.#act(action),
      zoomBy: (factor) => this.#zoomTo(this.#zoom * factor),
    };
  }

  /** @returns {import("./panel.js").PanelOwner} */
  #panelOwner() {
    return {
      shown: () => ({ document: this.#document, format: this.#format, layer: this.#layer, fonts: this.#fonts, mayWrite: this.#mayWrite, assetUrl: (key) => this.#assetUrl(key) }),
      faultAt: (path) => this.#faults.find((fault) => fault.path.replace(/\[(\d+)\]/g, ".$1") === path)?.message ?? null,
      change: (document, key) => this.#change(document, key, { fromPanel: true }),
      renamed: (id) => (this.#selected = id),
      pick: (what) => void this.#pick(what),
    };
  }

  /** @param {string} key */
  #assetUrl(key) {
    return `${this.#context.config.assetBase.replace(/\/$/, "")}/${key}`;
  }

  /**
   * The one way by which the document changes.
   * @param {TemplateDocument} document @param {string} [key] @param {{ fromPanel?: boolean }} [options]
   */
  #change(document, key = "", { fromPanel = false } = {}) {
    this.#history.change(document, key);
    this.#afterChange();
    if (!fromPanel) this.#panel.show({ isForced: true });
  }

  #afterChange() {
    this.#hasDraft = true;
    if (!this.#layer) this.#selected = null;
    this.#saver.want(this.#document);
    this.#draw();
    this.#stage.show();
    this.#frame();
  }

  #draw() {
    this.#drawing.want({ document: this.#document, format: this.#format, sample: this.#sample, zoom: this.#zoom });
  }

  #onSaved() {
    const { state } = this.#saver;
    find(this.#container, ".editor", HTMLElement).dataset.saving = state.phase;
    const faults = state.phase === "refused" ? placeFaults(state.fields, this.#document) : [];
    const isOther = faults.length || this.#faults.length;
    this.#faults = faults;
    if (isOther) this.#panel.show();
    if (state.phase === "conflict") void this.#settle();
    this.#frame();
  }

  /** Lists and bars follow with the next frame: a key only waits for the picture. */
  #frame() {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      if (!this.#visit.signal.aborted) this.#showLists();
    });
  }

  #showAll() {
    this.#showLists();
    this.#stage.show();
    this.#panel.show({ isForced: true });
    this.#draw();
  }

  #showLists() {
    const slot = (/** @type {string} */ name) => find(this.#container, `[data-slot=${name}]`, HTMLElement);
    const { formats } = this.#document;
    render(
      slot("bar"),
      editorBar({
        name: this.#document.name,
        state: this.#saver.state,
        hasDraft: this.#hasDraft,
        number: this.#number,
        mayWrite: this.#mayWrite,
        canUndo: this.#history.canUndo,
        canRedo: this.#history.canRedo,
        isPublishing: this.#isPublishing,
      }),
    );
    const faulty = new Set(this.#faults.flatMap(({ format, layer }) => (format === this.#format && layer ? [layer] : [])));
    render(slot("layers"), html`${this.#mayWrite && toolBar(this.#tool)}${faultList(this.#faults)}${layerList({ layers: this.#shape.layers, selected: this.#selected, mayWrite: this.#mayWrite, warnings: this.#warnings, faulty })}`);
    render(slot("view"), stageBar({ formats, format: this.#format, sample: this.#sample, zoom: this.#zoom, fits: this.#fits }));
    render(slot("problem"), html`${this.#problem && html`<p class="notice" data-tone="danger" role="alert">${this.#problem}</p>`}`);
    this.#showStrip(slot("strip"));
  }

  /** Drawn canvases lose their picture when they are rendered again, so only other formats do that. @param {HTMLElement} slot */
  #showStrip(slot) {
    const { formats } = this.#document;
    const names = Object.keys(formats).join();
    if (slot.dataset.names !== names) {
      slot.dataset.names = names;
      render(slot, formatStrip({ formats, format: this.#format }));
      this.#draw();
    }
    for (const button of slot.querySelectorAll("[data-format]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-format") === this.#format));
  }

  #stripCanvases() {
    const canvases = /** @type {HTMLCanvasElement[]} */ ([...this.#container.querySelectorAll("canvas[data-strip]")]);
    return new Map(canvases.map((canvas) => [canvas.dataset.strip ?? "", canvas]));
  }

  /** @param {string | null} id */
  #select(id) {
    if (id === this.#selected) return;
    this.#selected = id;
    this.#history.endStep();
    this.#stage.show();
    this.#panel.show({ isForced: true });
    this.#frame();
  }

  /** @param {string} format */
  #turnTo(format) {
    this.#format = format;
    this.#selected = null;
    this.#fits ? this.#fit() : undefined;
    this.#showAll();
  }

  /** @param {import("./words.js").Fault | undefined} fault */
  #goTo(fault) {
    if (!fault) return;
    if (fault.format && fault.format !== this.#format && this.#document.formats[fault.format]) this.#turnTo(fault.format);
    this.#select(fault.layer);
    const control = this.#container.querySelector(`[data-path="${CSS.escape(fault.layer ? fault.inside : fault.path.replace(/\[(\d+)\]/g, ".$1"))}"]`);
    if (control instanceof HTMLElement) control.focus();
  }

  /** A tool is armed for drawing by the pointer; by the keyboard its layer is put into the middle at once. @param {string} tool @param {boolean} isByKey */
  #choose(tool, isByKey) {
    if (isByKey || this.#tool === tool) return this.#add(tool, null);
    this.#tool = tool;
    this.#stage.show();
    this.#frame();
  }

  /** @param {string} tool @param {Box | null} box null: in the middle */
  #add(tool, box) {
    const { make } = TOOLS[tool];
    const isSquare = tool === "qr" || tool === "logo";
    this.#addLayer(tool, make(box ?? this.#middle(isSquare)));
  }

  /** @param {boolean} isSquare @returns {Box} */
  #middle(isSquare) {
    const { width, height } = this.#shape;
    const side = Math.min(width, height) * 0.3;
    const size = { width: isSquare ? side : width * 0.6, height: isSquare ? side : height * 0.15 };
    return rounded({ x: (width - size.width) / 2, y: (height - size.height) / 2, ...size });
  }

  /** @param {string} wanted @param {Omit<Layer, "id">} layer */
  #addLayer(wanted, layer) {
    const id = freeId(this.#shape, wanted);
    this.#tool = null;
    this.#selected = id;
    this.#change(withLayers(this.#document, this.#format, (layers) => [...layers, /** @type {Layer} */ ({ id, ...layer })]));
    this.#stage.tell(`Added ${id}`);
  }

  /** @param {string} id @param {number} by px that the copy lies off */
  #duplicate(id, by) {
    const { layers } = this.#shape;
    const at = layers.findIndex((layer) => layer.id === id);
    const copy = { ...layers[at], id: freeId(this.#shape, id), x: layers[at].x + by, y: layers[at].y + by };
    this.#selected = copy.id;
    this.#change(withLayers(this.#document, this.#format, (all) => all.toSpliced(at + 1, 0, copy)));
    return copy.id;
  }

  /** @param {string} action */
  #act(action) {
    const layer = this.#layer;
    if (action === "leave") {
      this.#tool = null;
      this.#select(null);
      this.#stage.show();
      return this.#frame();
    }
    if (action === "edit") return layer ? this.#panel.focusText() : undefined;
    if (action === "conflict") return void this.#settle();
    if (!this.#mayWrite) return;
    if (action === "undo" || action === "redo") return this.#travel(action);
    if (action === "publish") return void this.#publish();
    if (action === "versions") return void this.#compareVersion();
    if (action === "export") return saveFile(new Blob([JSON.stringify(this.#document, null, 1)], { type: "application/json" }), `${this.#slug}.json`);
    if (action === "discard") return void this.#discard();
    if (action === "picture") return void this.#pick("new");
    if (!layer) return;
    if (action === "duplicate") return void this.#duplicate(layer.id, 24);
    if (action === "remove") return this.#remove(layer);
    this.#reorder(layer, action === "raise" ? 1 : -1);
  }

  /** @param {"undo" | "redo"} way */
  #travel(way) {
    if (!this.#history[way]()) return;
    if (!this.#document.formats[this.#format]) this.#format = Object.keys(this.#document.formats)[0];
    this.#afterChange();
    this.#panel.show({ isForced: true });
  }

  /** @param {Layer} layer */
  #remove(layer) {
    this.#selected = null;
    this.#change(withLayers(this.#document, this.#format, (layers) => layers.filter(({ id }) => id !== layer.id)));
    this.#stage.tell(`Removed ${nameOf(layer)}`);
  }

  /** @param {Layer} layer @param {number} by places, upwards is more than nothing */
  #reorder(layer, by) {
    this.#change(
      withLayers(this.#document, this.#format, (layers) => {
        const at = layers.findIndex(({ id }) => id === layer.id);
        return at + by < 0 || at + by >= layers.length ? layers : layers.toSpliced(at, 1).toSpliced(at + by, 0, layer);
      }),
    );
  }

  #fit() {
    const { clientWidth, clientHeight } = find(this.#container, ".stage-scroll", HTMLElement);
    const { width, height } = this.#shape;
    this.#fits = true;
    this.#setZoom(Math.min((clientWidth - STAGE_ROOM_PX) / width, (clientHeight - STAGE_ROOM_PX) / height));
  }

  /** @param {number} zoom */
  #zoomTo(zoom) {
    this.#fits = false;
    this.#setZoom(zoom);
  }

  /** @param {number} zoom */
  #setZoom(zoom) {
    const next = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
    if (next === this.#zoom) return;
    this.#zoom = next;
    this.#stage.show();
    this.#draw();
    this.#frame();
  }

  /** @param {"layer" | "background" | "new"} what */
  async #pick(what) {
    const key = await choosePicture(this.#context, this.#visit.signal);
    if (!key || this.#visit.signal.aborted) return;
    if (what === "background") return this.#change(put(this.#document, `formats.${this.#format}.background`, { asset: key }));
    if (what === "new") return this.#addLayer("picture", { type: "image", ...this.#middle(true), asset: key, fit: "cover" });
    const layer = this.#layer;
    if (!layer) return;
    const { field: _gone, ...rest } = layer;
    this.#change(withLayer(this.#document, this.#format, layer.id, () => /** @type {Layer} */ ({ ...rest, asset: key })));
  }

  async #publish() {
    this.#isPublishing = true;
    this.#frame();
    try {
      if (!(await this.#saver.flush())) return;
      const { number, revision } = await this.#context.api.post(`client/editor/${this.#slug}/publish`, { revision: this.#saver.revision }, { signal: this.#visit.signal, timeoutMs: PUBLISH_MS });
      this.#number = number;
      this.#hasDraft = this.#saver.isDirty;
      this.#saver.revision = revision;
      if (!this.#saver.isDirty) this.#saver.renew(revision);
      toast({ tone: "success", text: `Version ${number} is published. The gallery and the bot show it from now on.` });
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === "draft_changed") await this.#settle();
      else toastError(error);
    } finally {
      this.#isPublishing = false;
      this.#frame();
    }
  }

  /** Somebody else saved first: both are shown, and one is chosen. Dismissed, nothing is saved until it is. */
  async #settle() {
    const { api } = this.#context;
    try {
      const theirs = /** @type {import("./saving.js").Draft} */ (await api.get(`client/editor/${this.#slug}`, { signal: this.#visit.signal }));
      const chosen = await chooseOf({
        title: "Somebody else has changed this template",
        about: `${theirs.saved_by ?? "Somebody"} saved while you were editing. Nothing of yours is lost; choose which of the two goes on.`,
        left: { label: "Yours", document: this.#document, verb: "Keep mine" },
        right: { label: "Theirs", document: theirs.document, verb: "Take theirs" },
        format: this.#format,
        drawing: this.#drawing,
      });
      if (!chosen || this.#visit.signal.aborted) return;
      this.#number = theirs.number;
      if (chosen === "right") this.#history.change(theirs.document);
      await this.#saver.settle(theirs, this.#document);
      this.#hasDraft = chosen === "left" || theirs.is_changed;
      if (!this.#document.formats[this.#format]) this.#format = Object.keys(this.#document.formats)[0];
      this.#showAll();
    } catch (error) {
      if (!this.#visit.signal.aborted) toastError(error);
    }
  }

  async #compareVersion() {
    const { signal } = this.#visit;
    const number = await chooseVersion(this.#context, { slug: this.#slug, name: this.#document.name }, signal, { verb: "Compare with version", withCurrent: true });
    if (number === null || signal.aborted) return;
    try {
      const { document } = await this.#context.api.get(`client/editor/${this.#slug}/versions/${number}`, { signal });
      const chosen = await chooseOf({
        title: `The draft and version ${number}`,
        about: "Pictures made before stay what they are. What you put into the draft counts once it is published.",
        left: { label: "The draft", document: this.#document, verb: "Keep the draft" },
        right: { label: `Version ${number}`, document, verb: `Put version ${number} into the draft` },
        format: this.#format,
        drawing: this.#drawing,
      });
      if (chosen !== "right") return;
      this.#selected = null;
      if (!document.formats[this.#format]) this.#format = Object.keys(document.formats)[0];
      this.#change(document);
      this.#showAll();
      toast({ text: `Version ${number} is in the draft.`, action: { label: "Undo", run: () => this.#act("undo") } });
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
  }

  async #discard() {
    const isMeant = await confirmDestruction({
      title: `Discard the changes of “${this.#document.name}”?`,
      consequence: `The draft goes back to version ${this.#number}. You can still undo it until you leave this page.`,
      verb: "Discard changes",
    });
    if (!isMeant) return;
    try {
      await this.#saver.flush();
      const draft = await this.#context.api.post(`client/editor/${this.#slug}/drop`, { revision: this.#saver.revision }, { signal: this.#visit.signal });
      this.#selected = null;
      this.#history.change(draft.document);
      this.#saver.renew(draft.revision, draft.document);
      this.#hasDraft = false;
      this.#faults = [];
      if (!draft.document.formats[this.#format]) this.#format = Object.keys(draft.document.formats)[0];
      this.#showAll();
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === "draft_changed") await this.#settle();
      else if (!this.#visit.signal.aborted) toastError(error);
    }
  }
}

function frame() {
  return html`<div class="editor">
    <header class="editor-bar" data-slot="bar"></header>
    <div class="editor-layers" data-slot="layers"></div>
    <div class="editor-middle">
      <div data-slot="problem"></div>
      <div class="stage" data-slot="stage"></div>
      <div class="editor-view-bar" data-slot="view"></div>
      <div data-slot="strip"></div>
    </div>
    <section class="editor-panel" aria-label="Properties" data-slot="panel"></section>
  </div>`;
}
