/** What t.me links of bots do: open a chat, add the bot to a channel or group with rights, make a managed bot. */

import { get, post } from './api.js';
import { h, toast } from './dom.js';

const RIGHTS = {
  post_messages: ['can_post_messages', 'Post messages'],
  edit_messages: ['can_edit_messages', 'Edit messages of others'],
  delete_messages: ['can_delete_messages', 'Delete messages of others'],
};
const NEW = 'new';

/**
 * @param {string} url
 * @param {{userId: number, bots: any[]}} who
 * @returns {(() => void)|null} what following the link does here; null for links that leave Telegram
 */
export function linkAction(url, { userId, bots }) {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address?.hostname !== 't.me') return null;
  const [, first, manager, username] = address.pathname.split('/');
  if (first === 'newbot') {
    const found = byName(bots, manager);
    return found && (() => askNewBot(found, userId, username ?? '', address.searchParams.get('name') ?? ''));
  }
  const bot = byName(bots, first);
  const kind = address.searchParams.has('startchannel') ? 'channel' : address.searchParams.has('startgroup') ? 'supergroup' : '';
  return bot && kind ? () => askChat(bot, userId, kind, (address.searchParams.get('admin') ?? '').split(/[+ ]/)) : null;
}

function byName(bots, name) {
  return bots.find((bot) => bot.username.toLowerCase() === name?.toLowerCase());
}

async function askChat(bot, userId, kind, wanted) {
  const chats = (await get('/chats')).filter((chat) => (chat.type === 'channel') === (kind === 'channel') && isOwner(chat, userId));
  const options = [...chats.map((chat) => h('option', { value: chat.id }, chat.title)), h('option', { value: NEW }, `New ${kind === 'channel' ? 'channel' : 'group'}`)];
  const select = /** @type {HTMLSelectElement} */ (h('select', { className: 'field', name: 'chat' }, options));
  const title = /** @type {HTMLInputElement} */ (h('input', { className: 'field', name: 'title', value: 'Deals', maxlength: '128', required: true }));
  const named = h('label', { className: 'wide', hidden: chats.length > 0 }, 'Title', title);
  select.addEventListener('change', () => { named.hidden = select.value !== NEW; });
  ask(`Add ${bot.first_name}`, [h('label', { className: 'wide' }, 'Where', select), named, ...checks(wanted)], 'Add as admin', async (form) => {
    const chat = select.value === NEW
      ? (await post('/chats', { type: kind, title: title.value, members: [userId] })).id : Number(select.value);
    await post('/chats/bot', { chat, bot: bot.id, by: userId, status: 'administrator', ...ticked(form) });
  });
}

function isOwner(chat, userId) {
  return ['creator', 'administrator'].includes(chat.members[userId]?.status);
}

function checks(wanted) {
  return Object.entries(RIGHTS).map(([name, [right, label]]) => h('label', { className: 'check wide' },
    h('input', { type: 'checkbox', name: right, checked: wanted.includes(name) }), label));
}

function ticked(form) {
  const given = new FormData(form);
  return Object.fromEntries(Object.values(RIGHTS).map(([right]) => [right, given.has(right)]));
}

/** The owner changes what a bot may do in the channel, or removes it. */
export async function askRights(chatId, userId) {
  const [chats, bots] = await Promise.all([get('/chats'), get('/bots')]);
  const chat = chats.find((one) => one.id === chatId);
  const bot = bots.find((one) => chat.members[one.id] && !['left', 'kicked'].includes(chat.members[one.id].status));
  if (!bot) { toast('No bot is in this chat; a bot\'s link adds it', true); return; }
  const has = Object.entries(RIGHTS).filter(([, [right]]) => chat.members[bot.id][right]).map(([name]) => name);
  const body = { chat: chatId, bot: bot.id, by: userId };
  const remove = h('button', { className: 'button quiet wide', type: 'submit', value: 'remove' }, 'Remove from chat');
  ask(`Rights of ${bot.first_name}`, [...checks(has), remove], 'Save', (form, pressed) => (
    post('/chats/bot', pressed === 'remove' ? { ...body, status: 'kicked' } : { ...body, status: 'administrator', ...ticked(form) })));
}

function askNewBot(manager, userId, username, name) {
  ask(`A bot managed by ${manager.first_name}`, [
    h('label', { className: 'wide' }, 'Name', h('input', { className: 'field', name: 'name', value: name, required: true, maxlength: '64' })),
    h('label', { className: 'wide' }, 'Username, ending in “bot”', h('input', { className: 'field', name: 'username', value: username, required: true })),
  ], 'Create', (form) => post('/newbot', { manager: manager.id, user: userId, ...Object.fromEntries(new FormData(form)) }));
}

/** A dialog with a form; stays open with a note when the act is refused. */
function ask(title, fields, label, act) {
  const form = /** @type {HTMLFormElement} */ (h('form', { className: 'form', method: 'dialog' }, h('h3', {}, title), fields,
    h('button', { className: 'button quiet', type: 'button', onclick: () => dialog.close() }, 'Cancel'),
    h('button', { className: 'button', type: 'submit' }, label)));
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { className: 'toast', 'aria-label': title }, form));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await act(form, event.submitter instanceof HTMLButtonElement ? event.submitter.value : '');
      dialog.close();
    } catch (problem) {
      toast(problem.message, true);
    }
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
