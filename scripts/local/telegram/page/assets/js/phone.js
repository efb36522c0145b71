/** One person's phone: list of chats, an open chat, and everything the person can do in it. */

import { get, post } from './api.js';
import { avatar, chatList } from './chat-list.js';
import { foot } from './composer.js';
import { dayName, h, icon, toast } from './dom.js';
import { openPhoto } from './lightbox.js';
import { askRights, linkAction } from './links.js';
import { messageElement } from './message.js';

const BUSY_MS = 5000;
const PRESS_MS = 15000;
const ACTIONS = { typing: 'typing…', upload_photo: 'sending a photo…', upload_document: 'sending a file…' };
const NEAR_END_PX = 120;
const SHOWN_MESSAGES = 200;

export class Phone {
  /** @param {{people: any[], bots: any[], userId: number, onPerson: (id: number) => void, onNewPerson: () => void, onOpen: () => void}} options */
  constructor(options) {
    Object.assign(this, options);
    this.chats = [];
    this.thread = null;
    this.shown = new Map();
    this.pressed = new Map();
    this.element = h('section', { className: 'phone', 'aria-label': 'Phone' });
    this.toasts = h('div', { className: 'toasts', role: 'status', 'aria-live': 'polite' });
  }

  get chat() { return this.chats.find((chat) => chat.thread === this.thread); }

  async show(userId, thread = null) {
    this.userId = userId;
    this.thread = thread;
    await this.refresh();
  }

  async refresh() {
    if (!this.userId) return;
    this.chats = await get(`/overview?user=${this.userId}`);
    if (this.chat) await this.renderChat();
    else this.renderList();
  }

  renderList() {
    this.thread = null;
    const key = JSON.stringify([this.userId, this.people, this.chats]);
    if (key === this.listKey && this.element.querySelector('.person')) return;
    this.listKey = key;
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const options = this.people.map((person) => h('option', { value: person.id, selected: person.id === this.userId }, personName(person)));
    const select = h('select', { 'aria-label': 'Person', onchange: (event) => this.onPerson(Number(event.target.value)) }, options);
    const add = h('button', { className: 'button quiet icon', type: 'button', 'aria-label': 'New person', onclick: () => this.onNewPerson() }, icon('plus'));
    this.element.replaceChildren(
      h('header', { className: 'phone-head' }, h('h2', { className: 'sr' }, 'Chats'), h('div', { className: 'person' }, select, add)),
      chatList(this.chats, (chat) => this.open(chat.thread)), this.toasts);
    this.refocus(focused);
  }

  /** A list that was rebuilt under the reader keeps the place where he was. */
  refocus(focused) {
    if (!focused) return;
    const thread = focused.dataset.thread;
    const same = thread ? `[data-thread="${CSS.escape(thread)}"]` : focused.localName;
    this.element.querySelector(same)?.focus();
  }

  async open(thread) {
    this.thread = thread;
    this.onOpen();
    await this.refresh();
    this.element.querySelector('textarea, .foot-action button')?.focus();
  }

  async renderChat() {
    const { thread } = this;
    const data = await get(`/messages?thread=${encodeURIComponent(thread)}&limit=${SHOWN_MESSAGES}`);
    if (thread !== this.thread) return;
    const chat = this.chat;
    if (this.element.dataset.thread !== `${this.userId}|${thread}` || !this.list?.isConnected) this.buildChat(chat);
    this.fillMessages(data.messages, chat);
    this.fillFoot(chat, data);
  }

  buildChat(chat) {
    this.element.dataset.thread = `${this.userId}|${this.thread}`;
    this.shown.clear();
    this.footKey = '';
    this.status = h('p', {}, idle(chat));
    this.list = h('ol', { className: 'message-list' });
    this.scroller = h('div', { className: 'messages', role: 'log', 'aria-label': 'Messages', tabindex: '0' }, this.list);
    keepAtEnd(this.scroller, this.list);
    this.footer = h('div', {});
    const back = h('button', { className: 'button quiet icon', type: 'button', 'aria-label': 'Back to chats', onclick: () => this.close() }, icon('back'));
    const block = chat.type === 'private' && h('button', {
      className: 'button quiet icon', type: 'button', 'aria-label': 'Block bot', onclick: () => this.act('/block', { bot: chat.bot }),
    }, icon('block'));
    const rights = chat.type !== 'private' && chat.can_write && h('button', {
      className: 'button quiet icon', type: 'button', 'aria-label': 'Rights of the bot', onclick: () => askRights(chat.chat_id, this.userId),
    }, icon('dots'));
    this.element.replaceChildren(
      h('header', { className: 'phone-head' }, back, avatar(chat),
        h('div', { className: 'phone-name' }, h('h2', {}, chat.title), this.status), block, rights),
      this.scroller, this.footer, this.toasts);
  }

  close() {
    this.thread = null;
    delete this.element.dataset.thread;
    this.onOpen();
    this.refresh();
  }

  /** Keeps what is unchanged, so that nothing flickers and focus stays. */
  fillMessages(messages, chat) {
    const context = {
      userId: this.userId, isShared: chat.type !== 'private', names: (id) => this.nameOf(id, chat),
      onAct: (act) => this.follow(act), onPress: (...args) => this.press(...args), onPhoto: openPhoto,
    };
    let day = '';
    const wanted = messages.flatMap((shown) => {
      const name = dayName(shown.message.date);
      const parts = name === day ? [] : [[`day ${name}`, name]];
      day = name;
      return [...parts, [shown.message.message_id, JSON.stringify(shown), shown]];
    });
    const kept = new Set(wanted.map(([key]) => key));
    for (const [key, { element }] of this.shown) if (!kept.has(key)) { element.remove(); this.shown.delete(key); }
    wanted.forEach(([key, signature, shown], index) => {
      const before = this.shown.get(key);
      if (before?.signature !== signature) {
        const element = shown ? messageElement(shown, context) : h('li', { className: 'day' }, signature);
        before?.element.remove();
        this.shown.set(key, { signature, element });
        this.list.insertBefore(element, this.list.children[index] ?? null);
      } else if (this.list.children[index] !== before.element) {
        this.list.insertBefore(before.element, this.list.children[index] ?? null);
      }
    });
  }

  fillFoot(chat, data) {
    const keyboard = keyboardInForce(data.messages, this.userId);
    const key = JSON.stringify([chat.blocked, chat.started, chat.can_write, chat.commands, keyboard]);
    if (key === this.footKey) return;
    const typed = this.footer.querySelector('textarea')?.value ?? '';
    const hadFocus = this.footer.contains(document.activeElement);
    this.footKey = key;
    const next = foot(chat, keyboard, {
      onSend: (text) => this.send(text),
      onStart: () => this.act('/start', { bot: chat.bot, payload: this.payload }),
      onUnblock: () => this.act('/unblock', { bot: chat.bot }),
      place: () => ({
        userId: this.userId, thread: this.thread, chatType: chat.type === 'private' ? 'sender' : chat.type,
        open: (thread) => this.open(thread),
      }),
    });
    this.footer.replaceWith(next);
    this.footer = next;
    const field = next.querySelector('textarea');
    if (field) field.value = typed;
    if (hadFocus) (field ?? next.querySelector('button'))?.focus();
  }

  nameOf(id, chat) {
    const known = [...this.bots, ...this.people].find((one) => one.id === id);
    return known?.first_name ?? chat.title;
  }

  async act(path, body) {
    try {
      await post(path, { user: this.userId, ...body });
      await this.refresh();
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  send(text) {
    const chat = this.chat;
    return this.act('/send', chat.type === 'private' ? { bot: chat.bot, text } : { chat: chat.chat_id, text });
  }

  /** A command or a link inside a message; links to a bot of ours open here. */
  follow({ command, url, event }) {
    if (command) { this.send(command.split('@')[0]); return; }
    const action = linkAction(url, { userId: this.userId, bots: this.bots });
    if (action) { event.preventDefault(); action(); return; }
    const found = /^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)(\w+)(?:[?&]start=([\w-]+))?/.exec(url);
    const bot = found && this.bots.find((one) => one.username.toLowerCase() === found[1].toLowerCase());
    if (!bot) return;
    event.preventDefault();
    this.open(`${bot.id}:${this.userId}`).then(() => found[2] && this.act('/start', { bot: bot.id, payload: found[2] }));
  }

  async press(messageId, button, element) {
    if (button.copy_text) {
      await navigator.clipboard?.writeText(button.copy_text.text).catch(() => {});
      toast('Copied');
      return;
    }
    if (!('callback_data' in button)) {
      const field = this.footer.querySelector('textarea');
      if (!field) return;
      field.value = `@${this.chat.username} ${button.switch_inline_query_current_chat ?? button.switch_inline_query ?? ''}`;
      field.focus();
      field.dispatchEvent(new Event('input'));
      return;
    }
    element.setAttribute('aria-busy', 'true');
    try {
      const body = { thread: this.thread, user: this.userId, message_id: messageId, data: button.callback_data };
      const { query_id: query } = await post('/press', body);
      this.pressed.set(query, element);
      setTimeout(() => this.release(query), PRESS_MS);
    } catch (problem) {
      element.removeAttribute('aria-busy');
      toast(problem.message, true);
    }
  }

  release(query) {
    this.pressed.get(query)?.removeAttribute('aria-busy');
    this.pressed.delete(query);
  }

  /** @param {any[]} events of the feed */
  async notice(events) {
    for (const event of events) {
      if (event.kind === 'action' && event.thread === this.thread) this.busy(ACTIONS[event.action] ?? `${event.action.replaceAll('_', ' ')}…`);
      if (event.kind === 'message' && event.thread === this.thread) this.busy('');
      if (event.kind === 'answered' && event.user === this.userId) this.answered(event);
    }
    const matters = ['message', 'edited', 'deleted', 'chats', 'users', 'commands', 'reset'];
    if (events.some((event) => matters.includes(event.kind))) await this.refresh();
  }

  answered(event) {
    this.release(event.query);
    if (event.text && event.alert) this.alert(event.text);
    else if (event.text) toast(event.text, false, this.toasts);
    if (event.url) window.open(event.url, '_blank', 'noopener');
  }

  alert(text) {
    const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { className: 'toast', 'aria-label': 'Message of the bot' },
      h('p', {}, text), h('button', { className: 'button', type: 'button', onclick: () => dialog.close() }, 'OK')));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  busy(text) {
    if (!this.status) return;
    clearTimeout(this.busyTimer);
    this.status.textContent = text || idle(this.chat);
    this.status.toggleAttribute('data-busy', Boolean(text));
    if (text) this.busyTimer = setTimeout(() => this.busy(''), BUSY_MS);
  }
}

/** Follows the newest message, unless the reader has scrolled up; pictures and keyboards change heights late. */
function keepAtEnd(scroller, list) {
  let atEnd = true;
  scroller.addEventListener('scroll', () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  });
  const observer = new ResizeObserver(() => { if (atEnd) scroller.scrollTop = scroller.scrollHeight; });
  observer.observe(list);
  observer.observe(scroller);
}

function idle(chat) {
  if (!chat) return '';
  return chat.type === 'private' ? `@${chat.username} · bot` : chat.type;
}

export function personName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(' ');
}

/** The last keyboard that a bot showed and nothing removed; a one-time one goes with the person's next message. */
function keyboardInForce(messages, userId) {
  for (const shown of [...messages].reverse()) {
    if (shown.keyboard?.keyboard) return shown.keyboard;
    if (shown.keyboard?.remove_keyboard) return null;
    if (shown.author === userId && messages.some((one) => one.keyboard?.one_time_keyboard)) return null;
  }
  return null;
}
