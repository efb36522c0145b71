/** One bubble, with photo, file, text and buttons. */

import { clockTime, fileSize, h, icon } from './dom.js';
import { formatted, safe } from './text.js';

/**
 * @param {any} shown an item of GET /messages
 * @param {{userId: number, isShared: boolean, names: (id: number) => string, onAct: (act: any) => void,
 *   onPress: (messageId: number, button: any, element: HTMLElement) => void, onPhoto: (shown: any) => void}} context
 * @returns {HTMLElement}
 */
export function messageElement(shown, context) {
  const { message } = shown;
  const own = shown.author === context.userId;
  const classes = ['message', own && 'own', shown.photo_url && 'with-photo'].filter(Boolean).join(' ');
  return h('li', { className: classes, dataset: { id: String(message.message_id) } },
    h('div', { className: 'bubble' },
      sender(shown, context, own), reply(message), shown.photo_url && photo(shown, context),
      message.document && fileCard(shown), text(message, context), meta(message, own)),
    keyboard(message, context));
}

function sender(shown, context, own) {
  const name = own ? 'You' : context.names(shown.author);
  const about = origin(shown.message);
  const className = (context.isShared && !own) || about ? 'bubble-sender' : 'sr';
  return h('p', { className }, [name, about].filter(Boolean).join(' · '));
}

function origin({ via_bot: bot, forward_origin: forwarded }) {
  return bot ? `via @${bot.username}` : forwarded ? `forwarded from ${forwarded.sender_user?.first_name ?? forwarded.chat?.title}` : '';
}

function reply(message) {
  const original = message.reply_to_message;
  return original && h('p', { className: 'bubble-reply' }, original.text ?? original.caption ?? 'Photo');
}

function photo(shown, context) {
  const size = shown.message.photo.at(-1);
  const about = shown.message.caption?.slice(0, 120) || 'Photo without a caption';
  return h('button', { className: 'photo', type: 'button', 'aria-label': `Open photo: ${about}`, onclick: () => context.onPhoto(shown) },
    h('img', { src: shown.photo_url, alt: '', width: size.width, height: size.height, loading: 'lazy' }));
}

function fileCard(shown) {
  const name = shown.message.document.file_name ?? 'File';
  return h('a', { className: 'file', href: shown.original_url, download: name },
    icon('download'),
    h('span', {}, h('span', { className: 'file-name' }, name), h('span', { className: 'file-size' }, fileSize(shown.file_size ?? 0))));
}

function text(message, context) {
  const content = message.text ?? message.caption ?? service(message);
  if (!content) return null;
  const entities = message.entities ?? message.caption_entities;
  return h('div', { className: 'bubble-text', dir: 'auto' }, formatted(content, entities, context.onAct));
}

function service(message) {
  if (message.new_chat_members) return `added ${message.new_chat_members.map((one) => one.first_name).join(', ')}`;
  if (message.left_chat_member) return `removed ${message.left_chat_member.first_name}`;
  return message.migrate_to_chat_id || message.migrate_from_chat_id ? 'The group became a supergroup' : '';
}

function meta(message, own) {
  const edited = message.edit_date ? 'edited ' : '';
  return h('span', { className: 'bubble-meta' }, `${edited}${clockTime(message.date)}${own ? ' ✓' : ''}`);
}

function keyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const row = (buttons) => h('div', { className: 'key-row' }, buttons.map((button) => key(message.message_id, button, context)));
  return h('div', { className: 'inline-keyboard', role: 'group', 'aria-label': 'Buttons of the message' }, rows.map(row));
}

function key(messageId, button, context) {
  const url = safe(button.url ?? button.web_app?.url ?? '');
  const dataset = button.style ? { style: button.style } : {};
  if (url) {
    const act = (event) => context.onAct({ url, event });
    return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer', dataset, onclick: act }, button.text, icon('link'));
  }
  const press = (event) => context.onPress(messageId, button, event.currentTarget);
  return h('button', { type: 'button', dataset, onclick: press }, button.text);
}
