/** Troubles to inject, the latency, Telegram's limits, the clock, and a second delivery of the last update. */

import { control, get, post } from './api.js';
import { h, icon, toast } from './dom.js';

const KINDS = [
  ['429', '429 Too Many Requests'], ['blocked', '403 blocked by the user'], ['deactivated', '403 user is deactivated'], ['kicked', '403 kicked from the channel'], ['slow', 'Slow answer'],
  ['lost_answer', 'Answer lost (performed)'], ['lost_request', 'Request lost (not performed)'],
  ['500', '500 Internal Server Error'], ['html', '502 page of a proxy'],
];
const METHODS = ['', 'sendMessage', 'sendPhoto', 'sendDocument', 'editMessageText', 'editMessageMedia', 'answerCallbackQuery', 'sendChatAction'];

export function faultsPanel() {
  const active = h('div', {});
  const latency = /** @type {HTMLInputElement} */ (h('input', { className: 'field', type: 'number', min: '0', max: '30000', step: '10', onchange: saveLatency }));
  const flood = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', onchange: saveFlood }));
  const bots = h('div', {});

  async function refresh() {
    const [faults, settings, known] = await Promise.all([get('/faults'), get('/settings'), get('/bots')]);
    active.replaceChildren(...(faults.length ? faults.map(item) : [h('p', { className: 'none' }, 'None: every call is answered as usual.')]));
    if (document.activeElement !== latency) latency.value = String(Math.round(settings.latency_s * 1000));
    flood.checked = settings.flood;
    bots.replaceChildren(...known.map(botItem));
  }

  async function saveLatency() {
    await control('PUT', '/settings', { latency_s: Number(latency.value) / 1000 });
    toast('Latency saved');
  }

  async function saveFlood() {
    await control('PUT', '/settings', { flood: flood.checked });
    toast(flood.checked ? 'Telegram’s limits are enforced' : 'Telegram’s limits are off');
  }

  function item(fault) {
    const left = fault.times === null ? 'until removed' : `${fault.used} of ${fault.times} used`;
    return h('div', { className: 'fault' },
      h('p', {}, KINDS.find(([kind]) => kind === fault.kind)?.[1] ?? fault.kind, h('small', {}, `${fault.method ?? 'any method'} · ${left}`)),
      h('button', { className: 'button quiet icon', type: 'button', 'aria-label': `Remove fault ${fault.id}`, onclick: () => control('DELETE', '/faults', { id: fault.id }).then(refresh) }, icon('close')));
  }

  function botItem(bot) {
    const again = async () => {
      try {
        const { status, error } = await post('/updates/duplicate', { bot: bot.id });
        toast(error || `The webhook answered ${status}`, Boolean(error));
      } catch (problem) { toast(problem.message, true); }
    };
    const revoke = async () => { await post('/bots/revoke', { bot: bot.id }); toast(`The token of @${bot.username} answers 401 now`); };
    return h('div', { className: 'fault' },
      h('p', {}, `@${bot.username}`, h('small', {}, `${bot.pending} waiting · ${bot.webhook.url ? 'webhook set' : 'no webhook'}${bot.webhook.last_error ? ` · ${bot.webhook.last_error}` : ''}`)),
      h('button', { className: 'button quiet', type: 'button', onclick: again }, 'Send last update again'),
      !bot.revoked && h('button', { className: 'button quiet', type: 'button', onclick: revoke }, 'Revoke token'));
  }

  const form = newFault(refresh);
  return {
    element: h('div', { className: 'panel' }, form,
      h('h3', {}, 'Active'), active,
      h('h3', {}, 'Latency'), h('div', { className: 'form' }, h('label', { className: 'wide' }, 'Added to each call, ms', latency)),
      h('h3', {}, 'Limits'), h('label', { className: 'check' }, flood, 'Enforce 30 a second, 1 a second per chat, 20 a minute per group'),
      h('h3', {}, 'Clock'), clockForm(),
      h('h3', {}, 'Updates'), bots),
    refresh,
    notice(events) { if (events.some(({ kind }) => kind !== 'action')) refresh(); },
  };
}

/** Redeliveries, expiries and gates come at once when the clock is pushed; it stands still until it runs again. */
function clockForm() {
  const seconds = /** @type {HTMLInputElement} */ (h('input', { className: 'field', type: 'number', min: '1', value: '60', required: true }));
  const push = async (event) => {
    event.preventDefault();
    await control('PUT', '/clock', { advance_s: Number(seconds.value) });
    toast(`The clock is ${seconds.value} s further and stands still`);
  };
  const run = async () => { await control('PUT', '/clock', { mode: 'run' }); toast('The clock runs with the machine’s'); };
  return h('form', { className: 'form', onsubmit: push }, h('label', { className: 'wide' }, 'Push forward by, s', seconds),
    h('button', { className: 'button', type: 'submit' }, 'Push'), h('button', { className: 'button quiet', type: 'button', onclick: run }, 'Run again'));
}

function newFault(onAdded) {
  const select = (name, options) => h('select', { className: 'field', name }, options.map(([value, label]) => h('option', { value }, label)));
  const number = (name, value, props = {}) => h('input', { className: 'field', type: 'number', name, value, min: '0', ...props });
  const form = /** @type {HTMLFormElement} */ (h('form', { className: 'form' },
    h('h3', {}, 'New fault'),
    h('label', { className: 'wide' }, 'What goes wrong', select('kind', KINDS)),
    h('label', { className: 'wide' }, 'In which method', select('method', METHODS.map((name) => [name, name || 'Any']))),
    h('label', {}, 'How often (empty: always)', number('times', '1')),
    h('label', {}, 'Seconds', number('seconds', '5')),
    h('button', { className: 'button wide', type: 'submit' }, 'Inject')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { kind, method, times, seconds } = Object.fromEntries(new FormData(form));
    await post('/faults', {
      kind, method: method || null, times: times === '' ? null : Number(times), retry_after: Number(seconds) || 1, delay_s: Number(seconds),
    });
    onAdded();
  });
  return form;
}
