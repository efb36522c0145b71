/** The raw calls, newest first; each opens to what came and what went. */

import { get } from './api.js';
import { fileSize, h } from './dom.js';

const LIMIT = 150;
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

export function callsPanel() {
  const filter = /** @type {HTMLInputElement} */ (h('input', { className: 'field', type: 'search', placeholder: 'Method', 'aria-label': 'Filter by method', oninput: () => render() }));
  const failed = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', onchange: () => render() }));
  const list = h('div', {});
  let calls = [];

  async function refresh() {
    ({ calls } = await get(`/calls?limit=${LIMIT}`));
    render();
  }

  function render() {
    const open = new Set([...list.querySelectorAll('details[open]')].map((one) => one.dataset.id));
    const fitting = calls.filter((call) => call.method.toLowerCase().includes(filter.value.toLowerCase()) && (!failed.checked || call.status !== 200));
    const items = fitting.reverse().map((call) => item(call, open.has(String(call.id))));
    list.replaceChildren(...(items.length ? items : [h('p', { className: 'none' }, 'No calls yet. They appear as the bot works.')]));
  }

  return {
    element: h('div', { className: 'panel' },
      h('div', { className: 'filters' }, filter, h('label', { className: 'check' }, failed, 'Failed')), list),
    refresh,
    notice(events) { if (events.some(({ kind }) => kind === 'call' || kind === 'reset')) refresh(); },
  };
}

function item(call, open) {
  const files = Object.values(call.files);
  const about = [call.params.text ?? call.params.caption ?? call.params.action ?? '', ...files.map((file) => `${file.name} ${fileSize(file.bytes)}`)];
  return h('details', { className: 'call', open, dataset: { id: String(call.id) } },
    h('summary', {}, status(call), h('span', { className: 'call-name' }, call.method),
      h('span', { className: 'call-time' }, `${TIME.format(new Date(call.at * 1000))} · ${Math.round(call.ms)} ms`),
      h('span', { className: 'call-about' }, about.filter(Boolean).join(' · ') || (call.chat_id ? `chat ${call.chat_id}` : '—'))),
    h('pre', { tabindex: '0', 'aria-label': `Raw ${call.method}` }, JSON.stringify(raw(call), null, 2)));
}

function status(call) {
  const text = call.status ? String(call.status) : '…';
  const dataset = call.status === 200 ? {} : { [call.status ? 'bad' : 'wait']: '' };
  return h('span', { className: 'pill', dataset }, call.fault && !call.status ? 'lost' : text);
}

function raw({ params, files, answer, bot, content_type: contentType, body_bytes: bodyBytes, fault, via }) {
  return { bot, via, fault, content_type: contentType, body_bytes: bodyBytes, params, files, answer };
}
