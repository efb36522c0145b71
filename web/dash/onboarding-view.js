import { describeError, errorView, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { ApiError, isAbort } from "../shared/js/api.js";
import { find, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { watch } from "./bots-watch.js";
import { mountLogoField } from "./logo-field.js";
import { setUpPage } from "./onboarding-page.js";
import { MAY_BE_THERE, postFirst } from "./onboarding-post.js";
import { problemOfChannel, problemOfToken } from "./onboarding-telegram.js";
import { wordsOf } from "./onboarding-words.js";
import { whoGrants } from "./people.js";
import { problemOf } from "./settings-rules.js";

/** @typedef {import("./onboarding-words.js").Progress} Progress */
/** @typedef {import("./onboarding-words.js").Asked} Asked */
/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */

const LOOK_EVERY_MS = 15_000;
// After the first tap, until the second; who takes longer taps once more.
const MAKING_MS = 600_000;
// Telegram is called several times, and may be slow.
const TIMEOUT_MS = 35_000;

/** From a new workspace to the first picture, step by step. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function onboardingView(context) {
  return { title: "Set up", mount: (container, visit) => new SetUp(context, container, visit).start() };
}

class SetUp {
  /** @type {Progress | null} */
  #progress = null;
  /** @type {string | null} */
  #who = null;
  /** @type {Asked} */
  #asked = { busy: null, problems: {}, isTest: false, isTwice: false, palettes: null, chosen: {}, maker: null, isMaking: false };
  /** Of the logo that the colours were taken from; undefined before the first. @type {string | null | undefined} */
  #logo;
  #isAsked = false;
  #makesUntil = 0;
  // A call whose answer is lost may be made again: the same id is the same post.
  #post = crypto.randomUUID();
  /** @type {unknown} */
  #trouble = null;
  #context;
  #container;
  #visit;

  /** @param {Context} context @param {HTMLElement} container @param {Visit} visit */
  constructor(context, container, visit) {
    this.#context = context;
    this.#container = container;
    this.#visit = visit;
  }

  start() {
    listen(this.#container, "click", "[data-action=retry]", () => void this.#load());
    listen(this.#container, "click", "[data-mend]", (_event, control) => void this.#mend(control.dataset.mend ?? ""));
    listen(this.#container, "click", "[data-make]", () => {
      this.#makesUntil = Date.now() + MAKING_MS;
      this.#patch({ isMaking: true, problems: {} });
    });
    listen(this.#container, "click", "[data-own-codes]", () => void this.#choose("local"));
    listen(this.#container, "click", "[data-stripe-on]", () => void this.#choose("stripe"));
    listen(this.#container, "change", "input[type=radio], input[type=checkbox], select", (_event, control) => {
      const { name, value, type, checked } = /** @type {HTMLInputElement} */ (control);
      this.#asked.chosen[name] = type === "checkbox" && !checked ? "" : value;
    });
    listen(this.#container, "submit", "form[data-form]", (event, form) => {
      event.preventDefault();
      if (!this.#asked.busy) void this.#submit(/** @type {HTMLFormElement} */ (form));
    });
    return this.#load();
  }

  /** @param {HTMLFormElement} form */
  #submit(form) {
    const said = new FormData(form);
    const kind = form.dataset.form;
    if (kind === "bot") return this.#connectBot();
    if (kind === "channel") return this.#connectChannel(form.dataset.bot ?? "");
    if (kind === "stripe") return this.#connectStripe(form);
    if (kind === "business") return this.#saveBusiness(said);
    return kind === "template" ? this.#makeTemplate(said) : this.#postFirst(said);
  }

  #load() {
    const { api, workspace } = this.#context;
    const { signal } = this.#visit;
    return load(
      async () => {
        const progress = await api.get("client/onboarding", { signal });
        return { progress, who: workspace.may("bots.write") ? null : await whoGrants(api, signal) };
      },
      (loading) => {
        if (loading.phase === "slow") render(this.#container, skeleton(["title", "card", "card"]));
        if (loading.phase === "failed") render(this.#container, errorView(describeError(loading.error, "How far you are could not be worked out")));
        if (loading.phase !== "ready") return;
        this.#progress = loading.data.progress;
        this.#who = loading.data.who;
        this.#show();
        const watching = watch({
          everyMs: LOOK_EVERY_MS,
          signal,
          look: () => this.#look(),
          onTrouble: (error) => {
            this.#trouble = error;
            this.#show();
          },
        });
        // Whoever has a window for Telegram comes back to this one without its ever having been hidden.
        window.addEventListener("focus", () => void watching.now(), { signal });
      },
    );
  }

  async #look() {
    if (this.#asked.isMaking && !this.#asked.busy) await this.#lookForMade();
    this.#progress = await this.#context.api.get("client/onboarding", { signal: this.#visit.signal });
    this.#trouble = null;
    this.#patch({ isMaking: this.#asked.isMaking && this.#progress?.next?.do === "connect_bot" && Date.now() < this.#makesUntil });
  }

  /** Connects the bot that was made in Telegram; false when there is none. What stopped it is said to who has just made one. */
  async #lookForMade() {
    try {
      const { bot } = await this.#context.api.post("client/connections/managed", undefined, { timeoutMs: TIMEOUT_MS, signal: this.#visit.signal });
      if (bot) toast({ tone: "success", text: `@${bot.username} is connected.` });
      return Boolean(bot);
    } catch (error) {
      if (isAbort(error)) throw error;
      if (this.#asked.isMaking) this.#patch({ problems: { make: wordsOf(error) } });
      return true;
    }
  }

  #show() {
    if (!this.#progress || this.#visit.signal.aborted) return;
    render(this.#container, setUpPage(this.#progress, this.#asked, this.#who, this.#trouble, this.#context.config.assetBase));
    if (this.#progress.next?.do === "connect_bot" && !this.#who && !this.#isAsked) void this.#offerMaker();
    if (this.#progress.next?.do === "make_template" && !this.#who) this.#offerColours(this.#progress.business.logo_url);
  }

  /** Where a bot is made with two taps, unless one was before the page was closed; a platform without it shows the token's field alone. */
  async #offerMaker() {
    this.#isAsked = true;
    const offered = await this.#context.api.get("client/connections/managed", { signal: this.#visit.signal, timeoutMs: TIMEOUT_MS }).catch(() => null);
    if (!offered) return;
    this.#patch({ maker: offered.link });
    if (await this.#lookForMade().catch(() => false)) await this.#look().catch(() => this.#show());
  }

  /** Colours of the logo that is there now. @param {string | null} logo */
  #offerColours(logo) {
    const slot = this.#container.querySelector("[data-slot=logo]");
    if (slot instanceof HTMLElement && !slot.hasChildNodes()) mountLogoField(slot, { context: this.#context, url: logo, signal: this.#visit.signal, onChange: (url) => this.#offerColours(url) });
    if (this.#logo === logo) return;
    this.#logo = logo;
    const { signal } = this.#visit;
    this.#context.api
      .get("client/onboarding/palettes", { signal, timeoutMs: TIMEOUT_MS })
      .then(({ items }) => this.#patch({ palettes: items }))
      .catch((error) => {
        if (isAbort(error)) return;
        this.#logo = undefined;
        this.#patch({ problems: { template: wordsOf(error) } });
      });
  }

  /** @param {Partial<Asked>} patch */
  #patch(patch) {
    this.#asked = { ...this.#asked, ...patch };
    this.#show();
  }

  /** One call at a time; what is wrong stands beside its control, and what was typed stays. @param {string} kind @param {() => Promise<string>} act gives what to say */
  async #work(kind, act) {
    this.#patch({ busy: kind, problems: {} });
    try {
      const said = await act();
      this.#asked = { ...this.#asked, busy: null };
      toast({ tone: "success", text: said });
    } catch (error) {
      if (isAbort(error)) return;
      const fields = kind === "business" && error instanceof ApiError ? error.fields : {};
      const isTest = this.#asked.isTest || (error instanceof ApiError && error.code === "stripe_test_mode");
      const isTwice = this.#asked.isTwice || (error instanceof ApiError && MAY_BE_THERE.includes(error.code));
      this.#asked = { ...this.#asked, busy: null, isTest, isTwice, problems: { [kind]: wordsOf(error), ...fields } };
    }
    // Also after a refusal: what was begun is there, and another tab may have gone on.
    await this.#look().catch(() => this.#show());
    const wanted = this.#container.querySelector(this.#asked.problems[kind] ? `form[data-form=${kind}] input` : "[data-next] h3");
    if (wanted instanceof HTMLElement && !this.#visit.signal.aborted) wanted.focus();
  }

  #connectBot() {
    const input = find(this.#container, "#bot-token", HTMLInputElement);
    const problem = problemOfToken(input.value);
    if (problem) return this.#refuse("bot", problem, input);
    return this.#work("bot", async () => {
      const { username } = await this.#context.api.post("client/connections/bots", { token: input.value }, { timeoutMs: TIMEOUT_MS });
      input.value = "";
      return `@${username} is connected.`;
    });
  }

  /** @param {string} bot */
  #connectChannel(bot) {
    const input = find(this.#container, "#channel-name", HTMLInputElement);
    const problem = problemOfChannel(input.value);
    if (problem) return this.#refuse("channel", problem, input);
    return this.#work("channel", async () => {
      const { title } = await this.#context.api.post("client/connections/channels", { bot, channel: input.value }, { timeoutMs: TIMEOUT_MS });
      return `${title} is connected.`;
    });
  }

  /** @param {string} bot */
  #mend(bot) {
    return this.#work("mend", async () => {
      const { health, username } = await this.#context.api.post(`client/bots/${bot}/webhook`, undefined, { timeoutMs: TIMEOUT_MS });
      return health.status === "broken" ? "Telegram did not take it yet." : `@${username} is connected.`;
    });
  }

  /** @param {"local" | "stripe"} kind */
  #choose(kind) {
    return this.#work("own", async () => {
      await this.#ask(kind);
      return "Codes are checked there from now on.";
    });
  }

  /** Has codes checked in that place too, after those that are asked already. @param {"local" | "stripe"} kind */
  async #ask(kind) {
    const places = this.#progress?.codes ?? [];
    const on = places.filter((place) => place.is_on && place.kind !== kind).map((place) => place.kind);
    await this.#context.api.put("client/coupons/providers", { providers: [...on, kind] });
  }

  /** @param {HTMLFormElement} form */
  #connectStripe(form) {
    const input = find(form, "#stripe-key", HTMLInputElement);
    if (!input.value.trim()) return this.#refuse("stripe", "Paste the restricted key.", input);
    const test = new FormData(form).has("test");
    return this.#work("stripe", async () => {
      await this.#context.api.put("client/vendors/stripe", { key: input.value, test }, { timeoutMs: TIMEOUT_MS });
      input.value = "";
      await this.#ask("stripe");
      return "Stripe is connected.";
    });
  }

  /** @param {FormData} said */
  #saveBusiness(said) {
    const problems = Object.fromEntries(["name", "support_email", "zone"].map((name) => [name, problemOf(name, String(said.get(name)))]).filter(([, text]) => text));
    if (!said.get("support_email")) problems.support_email = "Type an address like help@example.com.";
    if (Object.keys(problems).length) return this.#patch({ problems });
    return this.#work("business", async () => {
      const { name } = await this.#context.api.put("client/settings", Object.fromEntries(said));
      if (name !== this.#context.workspace.current()?.name) this.#context.workspace.rename(name);
      return "Saved.";
    });
  }

  /** @param {FormData} said */
  #makeTemplate(said) {
    const own = find(this.#container, "[data-key=own-colours]", HTMLDetailsElement);
    const [background, accent] = own.open
      ? ["#own-background", "#own-accent"].map((name) => find(own, name, HTMLInputElement).value)
      : String(said.get("palette")).split(" ");
    return this.#work("template", async () => {
      await this.#context.api.post("client/onboarding/template", { background, accent }, { timeoutMs: TIMEOUT_MS });
      return "Your first template is in the gallery.";
    });
  }

  /** @param {FormData} said */
  #postFirst(said) {
    const progress = this.#progress;
    const input = find(this.#container, "#first-code", HTMLInputElement);
    if (!input.value.trim()) return this.#refuse("post", "Type the code that stands on the picture.", input);
    return this.#work("post", async () => {
      const refused = progress && (await postFirst(this.#context.api, progress, said, this.#post));
      if (refused) {
        // A post that has ended stays so under its id.
        this.#post = crypto.randomUUID();
        throw refused;
      }
      return "Your first picture is in the channel.";
    });
  }

  /** @param {string} kind @param {string} problem @param {HTMLInputElement} input */
  #refuse(kind, problem, input) {
    this.#patch({ problems: { [kind]: problem } });
    input.focus();
  }
}
