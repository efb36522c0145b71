import { icon } from "../shared/components/icon.js";
import { button } from "../shared/components/button.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { isAbort } from "../shared/js/api.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { watch } from "./bots-watch.js";
import { problemOfChannel, problemOfToken, telegramControl, telegramFacts } from "./onboarding-telegram.js";
import { countDone, STEP_NAMES, wordsOf } from "./onboarding-words.js";
import { whoGrants } from "./people.js";

/** @typedef {import("./onboarding-words.js").Progress} Progress */
/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("../shared/components/shell.js").Visit} Visit */

const LOOK_EVERY_MS = 10_000;
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
  /** @type {{ busy: string | null, problems: Record<string, string> }} */
  #asked = { busy: null, problems: {} };
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
    listen(this.#container, "submit", "form[data-form]", (event, form) => {
      event.preventDefault();
      const kind = /** @type {"bot" | "channel"} */ (form.dataset.form);
      if (!this.#asked.busy) void (kind === "bot" ? this.#connectBot() : this.#connectChannel(form.dataset.bot ?? ""));
    });
    return this.#load();
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
        watch({
          everyMs: LOOK_EVERY_MS,
          signal,
          look: () => this.#look(),
          onTrouble: (error) => {
            this.#trouble = error;
            this.#show();
          },
        });
      },
    );
  }

  async #look() {
    this.#progress = await this.#context.api.get("client/onboarding", { signal: this.#visit.signal });
    this.#trouble = null;
    this.#show();
  }

  #show() {
    if (this.#progress && !this.#visit.signal.aborted) render(this.#container, page(this.#progress, this.#asked, this.#who, this.#trouble));
  }

  /** One call at a time; what is wrong stands beside its control, and what was typed stays. @param {string} kind @param {() => Promise<string>} act gives what to say */
  async #work(kind, act) {
    this.#asked = { busy: kind, problems: {} };
    this.#show();
    try {
      const said = await act();
      this.#asked = { busy: null, problems: {} };
      toast({ tone: "success", text: said });
    } catch (error) {
      if (isAbort(error)) return;
      this.#asked = { busy: null, problems: { [kind]: wordsOf(error) } };
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

  /** @param {string} kind @param {string} problem @param {HTMLInputElement} input */
  #refuse(kind, problem, input) {
    this.#asked = { busy: null, problems: { [kind]: problem } };
    this.#show();
    input.focus();
  }
}

/** @param {Progress} progress @param {{ busy: string | null, problems: Record<string, string> }} asked @param {string | null} who @param {unknown} trouble */
function page(progress, asked, who, trouble) {
  const { steps, next } = progress;
  return html`
    <header class="view-head"><div>
      <h2>${next ? "Set up your workspace" : "Your workspace is set up"}</h2>
      <p class="muted">${next ? "You can stop anywhere and go on later: each step is looked up, not ticked off." : "Everything that a first picture needs is here."}</p></div>
      ${!next && button({ label: "To the start", icon: "house", variant: "primary", href: "#/" })}</header>
    ${trouble ? notice({ tone: "warning", icon: "wifi-off", children: `What stands here may be old. ${wordsOf(trouble)}` }) : ""}
    ${who && next && notice({ icon: "lock", children: `You can look, but not connect anything. Ask ${who} for the role of admin.` })}
    <ol class="set-up" role="list" data-done="${countDone(progress)}">
      ${steps.map((step, index) => stepCard(step, index, progress, asked, Boolean(who)))}
    </ol>`;
}

/** @param {import("./onboarding-words.js").Step} step @param {number} index @param {Progress} progress @param {{ busy: string | null, problems: Record<string, string> }} asked @param {boolean} onlyLooks */
function stepCard({ name, state, missing }, index, progress, asked, onlyLooks) {
  const isNext = state === "next";
  return html`
    <li class="card stack" data-key="${name}"${attrs({ "data-next": isNext, "aria-current": isNext ? "step" : null })}>
      <div class="card-head">
        <h3 tabindex="-1"><span class="set-up-number numbers" data-state="${state}">${state === "done" ? icon("check") : String(index + 1)}</span> ${STEP_NAMES[name] ?? name}</h3>
        ${state === "done" ? html`<span class="tag push" data-tone="success">Done</span>` : ""}
      </div>
      ${telegramFacts(progress)}
      ${isNext && missing && html`<div class="stack" data-slot="action"><p><strong>${missing.title}.</strong> ${missing.text}</p>${onlyLooks ? "" : telegramControl(progress, asked)}</div>`}
    </li>`;
}
