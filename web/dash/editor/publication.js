import { confirmDestruction } from "../../shared/components/dialog.js";
import { toast, toastError } from "../../shared/components/toast.js";
import { chooseVersion } from "../templates-versions.js";
import { chooseOf } from "./compare-dialog.js";

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */
/** @typedef {import("./saving.js").Draft} Draft */
/**
 * @typedef {object} Parts
 * @property {import("../overview-view.js").Context} context
 * @property {AbortSignal} signal
 * @property {import("./working-copy.js").WorkingCopy} copy
 * @property {import("./saving.js").Saver} saver
 * @property {() => import("./drawing.js").Drawing} drawing
 * @property {() => void} onState the bar has something new to say
 * @property {() => void} onReplaced the whole document is another one
 */

const PUBLISH_MS = 30_000;

/** What becomes of the draft: published, compared with a version or with somebody else's, discarded. */
export class Publication {
  #parts;
  #slug;
  number;
  hasDraft;
  isPublishing = false;

  /** @param {Draft} draft @param {Parts} parts */
  constructor(draft, parts) {
    this.#parts = parts;
    this.#slug = draft.slug;
    this.number = draft.number;
    this.hasDraft = draft.is_changed;
  }

  async publish() {
    const { context, signal, saver, onState } = this.#parts;
    this.isPublishing = true;
    onState();
    try {
      if (!(await saver.flush())) return;
      const { number, revision } = await context.api.post(`client/editor/${this.#slug}/publish`, { revision: saver.revision }, { signal, timeoutMs: PUBLISH_MS });
      this.number = number;
      this.hasDraft = saver.isDirty;
      saver.revision = revision;
      if (!saver.isDirty) saver.renew(revision);
      toast({ tone: "success", text: `Version ${number} is published. The gallery and the bot show it from now on.` });
    } catch (error) {
      await this.#onRefused(error);
    } finally {
      this.isPublishing = false;
      onState();
    }
  }

  /** Somebody else saved first: both are shown, and one is chosen. Dismissed, nothing is saved until it is. */
  async settle() {
    const { context, signal, copy, saver, drawing, onReplaced } = this.#parts;
    try {
      const theirs = /** @type {Draft} */ (await context.api.get(`client/editor/${this.#slug}`, { signal }));
      const chosen = await chooseOf({
        title: "Somebody else has changed this template",
        about: `${theirs.saved_by ?? "Somebody"} saved while you were editing. Nothing of yours is lost; choose which of the two goes on.`,
        left: { label: "Yours", document: copy.document, verb: "Keep mine" },
        right: { label: "Theirs", document: theirs.document, verb: "Take theirs" },
        format: copy.format,
        drawing: drawing(),
      });
      if (!chosen || signal.aborted) return;
      this.number = theirs.number;
      if (chosen === "right") copy.change(theirs.document);
      await saver.settle(theirs, copy.document);
      this.hasDraft = chosen === "left" || theirs.is_changed;
      onReplaced();
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
  }

  async compareVersion() {
    const { context, signal, copy, drawing, onReplaced } = this.#parts;
    const number = await chooseVersion(context, { slug: this.#slug, name: copy.document.name }, signal, { verb: "Compare with version", withCurrent: true });
    if (number === null || signal.aborted) return;
    try {
      const { document } = await context.api.get(`client/editor/${this.#slug}/versions/${number}`, { signal });
      const chosen = await chooseOf({
        title: `The draft and version ${number}`,
        about: "Pictures made before stay what they are. What you put into the draft counts once it is published.",
        left: { label: "The draft", document: copy.document, verb: "Keep the draft" },
        right: { label: `Version ${number}`, document, verb: `Put version ${number} into the draft` },
        format: copy.format,
        drawing: drawing(),
      });
      if (chosen !== "right") return;
      copy.select([]);
      copy.change(document);
      onReplaced();
      toast({ text: `Version ${number} is in the draft.`, action: { label: "Undo", run: () => copy.travel("undo") && onReplaced() } });
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
  }

  async discard() {
    const { context, signal, copy, saver, onReplaced } = this.#parts;
    const isMeant = await confirmDestruction({
      title: `Discard the changes of “${copy.document.name}”?`,
      consequence: `The draft goes back to version ${this.number}. You can still undo it until you leave this page.`,
      verb: "Discard changes",
    });
    if (!isMeant) return;
    try {
      await saver.flush();
      const draft = /** @type {Draft} */ (await context.api.post(`client/editor/${this.#slug}/drop`, { revision: saver.revision }, { signal }));
      copy.select([]);
      copy.change(draft.document);
      saver.renew(draft.revision, draft.document);
      this.hasDraft = false;
      onReplaced();
    } catch (error) {
      await this.#onRefused(error);
    }
  }

  /** @param {unknown} error */
  async #onRefused(error) {
    if (/** @type {{ code?: string }} */ (error).code === "draft_changed") await this.settle();
    else if (!this.#parts.signal.aborted) toastError(error);
  }
}
