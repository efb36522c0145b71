/** The person's chats, newest first. */

import { clockTime, h, icon } from './dom.js';

const KINDS = { private: 'bot', channel: 'channel', group: 'group', supergroup: 'group' };

/** @param {any} chat */
export function avatar(chat) {
  const letters = chat.title.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
  return h('span', { className: 'avatar', 'aria-hidden': 'true', dataset: { kind: chat.type } }, letters);
}

/**
 * @param {any[]} chats
 * @param {(chat: any) => void} onOpen
 */
export function chatList(chats, onOpen) {
  if (!chats.length) {
    return h('div', { className: 'empty' }, icon('chat'), h('p', {}, 'No chats yet. They appear when a bot is connected to this simulator.'));
  }
  return h('ul', { className: 'chat-list', 'aria-label': 'Chats' }, chats.map((chat) => h('li', {}, item(chat, onOpen))));
}

function item(chat, onOpen) {
  const preview = chat.preview || (chat.blocked ? 'Blocked' : `A ${KINDS[chat.type]} · nothing written yet`);
  return h('button', { className: 'chat-item', type: 'button', onclick: () => onOpen(chat), dataset: { thread: chat.thread } },
    avatar(chat),
    h('span', { className: 'chat-title' }, chat.title),
    h('span', { className: 'chat-time' }, chat.last_date ? clockTime(chat.last_date) : ''),
    h('span', { className: 'chat-preview' }, preview));
}
