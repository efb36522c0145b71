/** Below the messages: the field, the command menu, the reply keyboard, or the one button a chat needs first. */

import { h, icon } from './dom.js';
import { inlineResults } from './inline.js';

/**
 * @param {any} chat an item of GET /overview
 * @param {any} keyboard the reply keyboard in force, or null
 * @param {{onSend: (text: string) => void, onStart: () => void, onUnblock: () => void, place: () => any}} handlers
 */
export function foot(chat, keyboard, handlers) {
  const root = h('div', { className: 'phone-foot' });
  if (chat.blocked) root.append(action('Unblock bot', handlers.onUnblock));
  else if (chat.type === 'private' && !chat.started) root.append(action('Start', handlers.onStart));
  else if (!chat.can_write) root.append(h('p', { className: 'foot-note' }, 'Only admins post in this channel'));
  else root.append(...writing(chat, keyboard, handlers));
  return root;
}

function action(label, onclick) {
  return h('div', { className: 'foot-action' }, h('button', { className: 'button', type: 'button', onclick }, label));
}

function writing(chat, keyboard, { onSend, place }) {
  const field = /** @type {HTMLTextAreaElement} */ (h('textarea', {
    className: 'field long', rows: '1', 'aria-label': 'Message', placeholder: keyboard?.input_field_placeholder ?? 'Message', enterkeyhint: 'send',
  }));
  const submit = () => {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    onSend(text);
  };
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  const commands = commandMenu(chat.commands, (text) => { toggle(opener, commands); onSend(text); });
  const opener = chat.commands.length > 0 && h('button', {
    className: 'button quiet icon', type: 'button', 'aria-label': 'Commands', 'aria-expanded': 'false',
    onclick: () => toggle(opener, commands),
  }, icon('menu'));
  const form = h('form', { className: 'composer', onsubmit: (event) => { event.preventDefault(); submit(); } },
    opener, field, h('button', { className: 'button icon', type: 'submit', 'aria-label': 'Send' }, icon('send')));
  return [commands, inlineResults(field, place), form, replyKeyboard(keyboard, onSend)].filter(Boolean);
}

/** Opens or closes the menu; the focus goes in and comes back. */
function toggle(opener, menu) {
  menu.hidden = !menu.hidden;
  opener.setAttribute('aria-expanded', String(!menu.hidden));
  (menu.hidden ? opener : menu.querySelector('button'))?.focus();
}

function commandMenu(commands, onSend) {
  const item = ({ command, description }) => h('li', {},
    h('button', { type: 'button', onclick: () => onSend(`/${command}`) },
      h('b', {}, `/${command}`), h('span', {}, description)));
  const menu = h('ul', { className: 'commands', 'aria-label': 'Commands', hidden: true }, commands.map(item));
  return menu;
}

function replyKeyboard(keyboard, onSend) {
  if (!keyboard?.keyboard) return null;
  const row = (buttons) => h('div', { className: 'key-row' },
    buttons.map(({ text }) => h('button', { type: 'button', onclick: () => onSend(text) }, text)));
  return h('div', { className: 'reply-keyboard', role: 'group', 'aria-label': 'Reply keyboard' }, keyboard.keyboard.map(row));
}
