import { assetAddress } from "../../shared/js/config.js";
import { find, html, listen, render } from "../../shared/js/html.js";
import { Commands } from "./commands.js";
import { Drawing } from "./drawing.js";
import { chooseFont } from "./font-dialog.js";
import { Panel } from "./panel.js";
import { Publication } from "./publication.js";
import { Saver } from "./saving.js";
import { Stage } from "./stage.js";
import { Surroundings } from "./surroundings.js";
import { placeFaults } from "./words.js";
import { WorkingCopy } from "./working-copy.js";
import { Zooming } from "./zooming.js";

const SAMPLE_LINK = "https://example.com/?promo={code}";
const BY_KEY = 0;

/** One template being edited: puts the parts together, and passes on what one tells the others. */
export class Editor {
  #context;
  #container;
  #visit;
  #fonts;
  #copy;
  #saver;
  #publication;
  #commands;
  #zoom;
  #surroundings;
  #stage;
  #panel;
  #drawing;
  #isTyping = false;
  #sample = "normal";
  /** @type {import("./words.js").Warning[]} */
  #warnings = [];
  /** @type {import("./words.js").Fault[]} */
  #faults = [];
  /** @type {string | null} */
  #problem = null;

  /**
   * @param {import("../overview-view.js").Context} context @param {HTMLElement} container @param {import("../../shared/components/shell.js").Visit} visit
   * @param {{ draft: import("./saving.js").Draft, settings: import("../settings-rules.js").Settings, fonts: import("./properties.js").FontFamily[] }} loaded
   */
  constructor(context, container, visit, { draft, settings, fonts }) {
    const { signal } = visit;
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
    this.#fonts = fonts;
    this.#copy = new WorkingCopy(draft.document, () => this.#onChanged());
    this.#saver = new Saver({ api: context.api, draft, signal, onState: () => this.#onSaved() });
    this.#publication = new Publication(draft, {
      context,
      signal,
      copy: this.#copy,
      saver: this.#saver,
      drawing: () => this.#drawing,
      onState: () => this.#surroundings.ask(),
      onReplaced: () => this.#showAll(),
    });
    this.#commands = new Commands({
      context,
      signal,
      copy: this.#copy,
      publication: this.#publication,
      mayWrite: () => this.#mayWrite,
      select: (ids) => this.#select(ids),
      turnTo: (format) => this.#turnTo(format),
      focusText: () => this.#panel.focusText(),
      tell: (text) => this.#stage.tell(text),
      onMode: () => (this.#stage.show(), this.#surroundings.ask()),
    });
    render(container, frame());
    const slot = (/** @type {string} */ name) => find(container, `[data-slot=${name}]`, HTMLElement);
    this.#zoom = new Zooming(container, () => this.#copy.shape, () => this.#onZoomed());
    this.#surroundings = new Surroundings(container, () => this.#shown(), signal, () => this.#draw());
    this.#stage = new Stage(slot("stage"), this.#stageOwner(), signal);
    this.#panel = new Panel(slot("panel"), this.#panelOwner());
    this.#drawing = new Drawing({
      assetBase: context.config.assetBase,
      link: settings.referral_link ?? SAMPLE_LINK,
      logoUrl: settings.logo_url && assetAddress(settings.logo_url, context.config.assetBase),
      canvas: this.#stage.canvas,
      signal,
      strip: () => this.#surroundings.strip(),
      onWarnings: (warnings) => ((this.#warnings = warnings), this.#surroundings.ask()),
      onProblem: (problem) => problem !== this.#problem && ((this.#problem = problem), this.#surroundings.ask()),
      onDrawn: () => this.#stage.canvas.dispatchEvent(new CustomEvent("drawn", { bubbles: true })),
    });
  }

  get #mayWrite() {
    return this.#context.workspace.may("templates.write");
  }

  start() {
    this.#visit.guard(() => (this.#saver.isDirty ? "The last changes of this template are not saved yet." : null));
    this.#listen();
    this.#zoom.follow(this.#visit.signal);
    this.#zoom.fit();
    this.#showAll();
  }

  #listen() {
    const root = find(this.#container, ".editor", HTMLElement);
    listen(root, "click", "[data-layer]", (event, { dataset }) => this.#tap(dataset.layer ?? "", /** @type {MouseEvent} */ (event).shiftKey));
    listen(root, "click", "[data-tool]", (event, { dataset }) => this.#commands.choose(dataset.tool ?? "", /** @type {MouseEvent} */ (event).detail === BY_KEY));
    listen(root, "click", "[data-act]", (_event, { dataset }) => this.#commands.act(dataset.act ?? ""));
    listen(root, "click", "[data-align]", (_event, { dataset }) => this.#commands.align(dataset.align ?? ""));
    listen(root, "click", "[data-spread]", (_event, { dataset }) => this.#commands.spread(dataset.spread ?? ""));
    listen(root, "click", "[data-format]", (_event, { dataset }) => this.#turnTo(dataset.format ?? ""));
    listen(root, "click", "[data-zoom]", (_event, { dataset }) => (dataset.zoom === "fit" ? this.#zoom.fit() : this.#zoom.to(Number(dataset.zoom))));
    listen(root, "click", "[data-fault]", (_event, { dataset }) => this.#goTo(this.#faults[Number(dataset.fault)]));
    listen(root, "change", "#sample", (_event, control) => ((this.#sample = /** @type {HTMLSelectElement} */ (control).value), this.#draw()));
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "s") void this.#saver.flush();
    else if (key === "y" || (key === "z" && event.shiftKey)) this.#commands.act("redo");
    else if (key === "z") this.#commands.act("undo");
    else return;
    event.preventDefault();
  }

  /** @returns {import("./stage.js").Owner} */
  #stageOwner() {
    return {
      shown: () => ({ format: this.#copy.shape, layers: this.#copy.layers, tool: this.#commands.tool, choosesMany: this.#commands.choosesMany, zoom: this.#zoom.value, mayWrite: this.#mayWrite }),
      select: (ids) => this.#select(ids),
      toggle: (id) => this.#select(this.#copy.toggled(id)),
      change: (patches, key) => this.#copy.patch(patches, key),
      add: (tool, box) => this.#commands.add(tool, box),
      duplicate: () => this.#copy.duplicate(0),
      endStep: () => this.#copy.endStep(),
      cancel: () => this.#commands.act("undo"),
      act: (action) => this.#commands.act(action),
      zoomBy: (factor) => this.#zoom.to(this.#zoom.value * factor),
    };
  }

  /** @returns {import("./panel.js").PanelOwner} */
  #panelOwner() {
    return {
      shown: () => ({
        document: this.#copy.document,
        format: this.#copy.format,
        layers: this.#copy.layers,
        fonts: this.#fonts,
        mayWrite: this.#mayWrite,
        assetUrl: (key) => `${this.#context.config.assetBase.replace(/\/$/, "")}/${key}`,
      }),
      faultAt: (path) => this.#faults.find((fault) => fault.path.replace(/\[(\d+)\]/g, ".$1") === path)?.message ?? null,
      change: (document, key) => this.#type(document, key),
      renamed: (id) => (this.#copy.rename(id), this.#stage.show()),
      pick: (what) => void this.#commands.pick(what),
      addFont: () => this.#addFont(),
    };
  }

  /** @returns {import("./surroundings.js").Shown} */
  #shown() {
    const { document, format, selected, canUndo, canRedo } = this.#copy;
    const { number, hasDraft, isPublishing } = this.#publication;
    return {
      document,
      format,
      selected,
      tool: this.#commands.tool,
      choosesMany: this.#commands.choosesMany,
      sample: this.#sample,
      zoom: this.#zoom,
      warnings: this.#warnings,
      faults: this.#faults,
      problem: this.#problem,
      mayWrite: this.#mayWrite,
      bar: { state: this.#saver.state, hasDraft, number, canUndo, canRedo, isPublishing },
    };
  }

  /** The control that is typed in shows what is typed. @param {import("./document.js").TemplateDocument} document @param {string} key */
  #type(document, key) {
    this.#isTyping = true;
    this.#copy.change(document, key);
    this.#isTyping = false;
  }

  #onChanged() {
    this.#publication.hasDraft = true;
    this.#saver.want(this.#copy.document);
    this.#draw();
    this.#stage.show();
    if (!this.#isTyping) this.#panel.show({ isForced: true });
    this.#surroundings.ask();
  }

  #draw() {
    const { document, format } = this.#copy;
    this.#drawing.want({ document, format, sample: this.#sample, zoom: this.#zoom.value });
  }

  #onZoomed() {
    this.#stage.show();
    this.#draw();
    this.#surroundings.ask();
  }

  #onSaved() {
    const { state } = this.#saver;
    find(this.#container, ".editor", HTMLElement).dataset.saving = state.phase;
    const faults = state.phase === "refused" ? placeFaults(state.fields, this.#copy.document) : [];
    const isOther = faults.length || this.#faults.length;
    this.#faults = faults;
    if (isOther) this.#panel.show();
    if (state.phase === "conflict") void this.#publication.settle();
    this.#surroundings.ask();
  }

  #showAll() {
    this.#surroundings.show();
    this.#stage.show();
    this.#panel.show({ isForced: true });
    this.#draw();
  }

  /** In the list: with Shift, or while many are chosen, one more. @param {string} id empty: the background @param {boolean} isShifted */
  #tap(id, isShifted) {
    this.#select(!id ? [] : isShifted || this.#commands.choosesMany ? this.#copy.toggled(id) : [id]);
  }

  /** @param {string[]} ids */
  #select(ids) {
    if (!this.#copy.select(ids)) return;
    this.#stage.show();
    this.#panel.show({ isForced: true });
    this.#surroundings.ask();
  }

  async #addFont() {
    const { added, fonts } = await chooseFont(this.#context, { fonts: this.#fonts, signal: this.#visit.signal, save: () => this.#saver.flush() });
    this.#fonts = fonts;
    this.#panel.show();
    return added?.family ?? null;
  }

  /** @param {string} format */
  #turnTo(format) {
    this.#copy.turnTo(format);
    if (this.#zoom.fits) this.#zoom.fit();
    this.#showAll();
  }

  /** @param {import("./words.js").Fault | undefined} fault */
  #goTo(fault) {
    if (!fault) return;
    if (fault.format && fault.format !== this.#copy.format && this.#copy.document.formats[fault.format]) this.#turnTo(fault.format);
    this.#select(fault.layer ? [fault.layer] : []);
    const control = this.#container.querySelector(`[data-path="${CSS.escape(fault.layer ? fault.inside : fault.path.replace(/\[(\d+)\]/g, ".$1"))}"]`);
    if (control instanceof HTMLElement) control.focus();
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
