/** Inline mode: "@bot text" in the field asks the bot; its results appear above the field and one of them is sent. */

import { get, post } from './api.js';
import { h, toast } from './dom.js';

const PAUSE_MS = 300;
const ANSWER_S = 20; // six pictures are made on the way

const isPicture = (result) => result.type === 'photo' && Boolean(result.thumbnail_url);

/**
 * @param {HTMLTextAreaElement} field
 * @param {() => {userId: number, thread: string, chatType: string, open: (thread: string) => void}} place who types, where the
 *   result goes, and what opens a chat
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
      show(bot, query, answer ?? { results: [], button: null });
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  /** @param {any} bot @param {string} query @param {{results: any[], button: any}} answer */
  function show(bot, query, { results, button }) {
    list.classList.toggle('pictures', results.some(isPicture));
    const lead = button && h('li', { className: 'lead' }, h('button', { type: 'button', onclick: () => start(bot, button) }, h('b', {}, button.text)));
    const none = !results.length && !button && h('li', { className: 'none' }, 'No results');
    list.replaceChildren(...[lead, none, ...results.map((result) => item(query, result))].filter(Boolean));
    list.hidden = false;
  }

  /** A picture shows itself alone, as Telegram does; its name is told to those who hear it. */
  function item(query, result) {
    const title = result.title || (result.type === 'photo' ? 'Photo' : result.type);
    const shown = isPicture(result)
      ? [h('img', { src: result.thumbnail_url, alt: title, width: result.photo_width, height: result.photo_height })]
      : [h('b', {}, title), h('span', {}, result.description ?? '')];
    return h('li', {}, h('button', { type: 'button', onclick: () => choose(query, result.id) }, shown));
  }

  /** The button above the results opens the bot's own chat and starts it with the button's word. */
  async function start(bot, button) {
    try {
      await post('/start', { bot: bot.id, user: place().userId, payload: button.start_parameter });
      field.value = '';
      list.hidden = true;
      place().open(`${bot.id}:${place().userId}`);
    } catch (problem) {
      toast(problem.message, true);
    }
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
