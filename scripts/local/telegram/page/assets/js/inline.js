/** Inline mode: "@bot text" in the field asks the bot; its results appear above the field and one of them is sent. */

import { get, post } from './api.js';
import { h, toast } from './dom.js';

const PAUSE_MS = 300;
const ANSWER_S = 10;

/**
 * @param {HTMLTextAreaElement} field
 * @param {() => {userId: number, thread: string, chatType: string}} place who types, and where the result goes
 * @returns {HTMLElement} the list of results, hidden until there are some
 */
export function inlineResults(field, place) {
  const list = h('ul', { className: 'commands', 'aria-label': 'Inline results', hidden: true });
  let timer = 0;
  let asked = '';

  async function ask() {
    const found = /^@(\w+)\s+(.*)$/s.exec(field.value);
    asked = found ? field.value : '';
    list.hidden = true;
    if (!found) return;
    const bot = (await get('/bots')).find((one) => one.username.toLowerCase() === found[1].toLowerCase() && one.has_inline);
    if (!bot) return;
    const body = { bot: bot.id, user: place().userId, query: found[2], chat_type: place().chatType, wait_s: ANSWER_S };
    try {
      const { query_id: query, answer } = await post('/inline', body);
      if (asked !== field.value) return;
      show(query, answer?.results ?? []);
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  function show(query, results) {
    list.replaceChildren(...(results.length ? results.map((result) => item(query, result)) : [h('li', { className: 'none' }, 'No results')]));
    list.hidden = false;
  }

  function item(query, result) {
    const about = result.description ?? result.caption ?? '';
    const title = result.title || (result.type === 'photo' ? 'Photo' : result.type);
    return h('li', {}, h('button', { type: 'button', onclick: () => choose(query, result.id) }, h('b', {}, title), h('span', {}, about)));
  }

  async function choose(query, resultId) {
    try {
      await post('/inline/choose', { query_id: query, result_id: resultId, thread: place().thread });
      field.value = '';
      list.hidden = true;
      field.focus();
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  });
  return list;
}
