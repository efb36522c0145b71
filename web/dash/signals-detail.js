import "../shared/components/candle-chart.js";
import { button } from "../shared/components/button.js";
import { CandleChart } from "../shared/components/candle-chart.js";
import { describeError, emptyView, errorView, skeleton } from "../shared/components/states.js";
import { formatMoment, titleCase } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { eventName, linesOf, nameOf, signed, stateOf, when } from "./signals-words.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {import("./signals-words.js").Signal} Signal */
/** @typedef {import("./signals-words.js").SignalEvent} SignalEvent */
/**
 * @typedef {object} Life
 * @property {Signal} signal @property {SignalEvent[]} events
 * @property {{ method: string, text: string, state: string, at: string | null }[]} messages
 * @property {{ seq: number, at: string, kind: string, hash: string }[]} rows
 * @property {import("../shared/components/candle-chart.js").Candle[]} candles
 */

const KINDS = /** @type {Record<string, string>} */ ({ plan: "Plan", fate: "What became of it", event: "Event", closed: "End" });

/** One signal from its bar to its end. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function signalView({ api }) {
  return {
    title: "One signal",
    mount(container, { place, signal }) {
      const id = place.params.signal;
      const start = () =>
        load(
          () => api.get(`client/signals/${encodeURIComponent(id)}`, { signal }),
          (loading) => {
            if (loading.phase === "slow") render(container, skeleton(["title", "card", "card", "card"]));
            if (loading.phase === "failed") render(container, gone(loading.error));
            if (loading.phase === "ready") show(container, loading.data);
          },
        );
      listen(container, "click", "[data-action=retry]", () => void start());
      return start();
    },
  };
}

/** @param {any} error */
function gone(error) {
  if (error?.status !== 404) return errorView(describeError(error, "The signal could not be loaded"));
  return emptyView({ icon: "chart-candlestick", title: "There is no such signal", action: button({ label: "All signals", icon: "arrow-left", href: "#/signals/all" }) });
}

/** @param {HTMLElement} container @param {Life} life */
function show(container, life) {
  const { signal, candles } = life;
  const state = stateOf(signal);
  render(
    container,
    html`
      <header class="view-head">
        <div><h2>${nameOf(signal)} at ${signal.entry}</h2><p class="muted">${titleCase(signal.strategy)} · bar closed ${when(signal.bar_closed_at)}</p></div>
        ${button({ label: "All signals", icon: "arrow-left", variant: "outline", href: "#/signals/all" })}
      </header>
      <section class="card stack">
        <div class="row"><span class="tag"${attrs({ "data-tone": state.tone })}>${state.label}</span>${signal.result && html`<span class="numbers">${signed(signal.result.net_r, "R")}, ${signed(signal.result.net_pips, "pips of 0.10 USD")}, ${signed(signal.result.net_usd, "USD an ounce")}, after costs</span>`}</div>
        <dl class="signal-levels">
          ${fact("Entry", signal.entry)}${fact("Stop at first", signal.stop)}${signal.stop_now !== signal.stop && fact("Stop in force", signal.stop_now)}
          ${signal.targets.map((target, index) => fact(`TP${index + 1}, ${signal.split[index]} %${index < signal.hit ? ", reached" : ""}`, target))}
        </dl>
        ${(signal.ambiguous > 0 || signal.gap_fills > 0) && html`<p class="muted small">Bars whose order is not known, read against us: ${signal.ambiguous}. Fills at an open beyond the level: ${signal.gap_fills}.</p>`}
      </section>
      <section class="card chart-card">
        <div class="card-head"><h2>Candles around it</h2></div>
        ${candles.length ? html`<ps-candle-chart></ps-candle-chart>` : html`<p class="muted">No bar of that time is stored.</p>`}
      </section>
      <section class="card stack"><h2>What happened</h2>${timeline(life)}</section>
      <section class="card stack"><h2>Messages as they were sent</h2>${messages(life)}</section>
      <section class="card stack">
        <h2>In the record</h2>
        <p class="muted small">Each row holds the hash of the one before it, so that none can be changed afterwards without everybody seeing it.</p>
        <ol class="timeline" role="list">${life.rows.map((row) => html`<li><time datetime="${row.at}">Row ${row.seq}</time><span>${KINDS[row.kind] ?? row.kind} <code class="small muted hash">${row.hash}</code></span><span class="muted small">${when(row.at)}</span></li>`)}</ol>
      </section>`,
  );
  if (!candles.length) return;
  const up = signal.side === "buy";
  const marks = [
    { at: seconds(signal.bar_closed_at) - 1, label: nameOf(signal), tone: /** @type {const} */ ("entry"), above: !up },
    ...life.events.filter(({ kind }) => kind === "target" || kind === "closed").map(({ kind, name, at }) => ({ at: seconds(at) - 1, label: kind === "closed" ? "Closed" : name.toUpperCase(), tone: kind === "closed" ? /** @type {const} */ ("news") : /** @type {const} */ ("target"), above: up })),
  ];
  find(container, "ps-candle-chart", CandleChart).model = { label: `Candles around ${nameOf(signal)} with entry, stop, targets and what happened. The list below says the same.`, candles, lines: linesOf(signal), marks };
}

/** @param {string} label @param {string} value */
const fact = (label, value) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

/** @param {string} at */
const seconds = (at) => Math.floor(new Date(at).getTime() / 1000);

/** @param {Life} life */
function timeline({ signal, events }) {
  const published = signal.published_at && { at: signal.published_at, text: "Its message was out", price: signal.entry };
  const steps = [
    { at: signal.bar_closed_at, text: `${titleCase(signal.strategy)} had a plan`, price: signal.entry },
    ...(published ? [published] : []),
    ...events.map((event) => ({ at: event.at, text: eventName(event), price: event.price })),
    ...(signal.state === "unpublished" ? [{ at: signal.bar_closed_at, text: stateOf(signal).label, price: "" }] : []),
  ];
  return html`<ol class="timeline" role="list">${steps.map(({ at, text, price }) => html`<li><time class="muted" datetime="${at}">${when(at)}</time><span>${text}</span><span class="numbers">${price}</span></li>`)}</ol>`;
}

/** @param {Life} life */
function messages({ messages: sent, signal }) {
  if (!sent.length) return html`<p class="muted">${signal.state === "unpublished" ? "None was sent." : "No message of it is kept: they are cleared away 90 days after they were sent."}</p>`;
  return html`<ol class="stack" role="list">${sent.map(
    ({ method, text, state, at }) => html`
      <li class="stack">
        <p class="muted small">${method === "editMessageText" ? "The signal's message, changed" : "Message"} · ${at ? formatMoment(new Date(at)) : state}${state !== "sent" && html` · <span class="tag" data-tone="warning">${titleCase(state)}</span>`}</p>
        <pre class="sent-text" dir="auto">${plain(text)}</pre>
      </li>`,
  )}</ol>`;
}

/** Telegram's HTML as it reads. @param {string} text */
function plain(text) {
  return new DOMParser().parseFromString(text, "text/html").body.textContent ?? "";
}
