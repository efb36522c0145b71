/** Formatted text: entities count UTF-16 units, as strings do here. */

import { h } from './dom.js';

const TAGS = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre',
  blockquote: 'blockquote', expandable_blockquote: 'blockquote' };

/**
 * @param {string} text
 * @param {any[]} entities sorted by offset, longer first
 * @param {(act: {command?: string, url?: string, event: Event}) => void} onAct a command or link was chosen
 * @returns {Array<Node|string>}
 */
export function formatted(text, entities, onAct) {
  return between(text, entities ?? [], 0, text.length, onAct);
}

function between(text, entities, begin, end, onAct) {
  const parts = [];
  let position = begin;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    if (entity.offset < position) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = entities.slice(index + 1).filter((other) => other.offset + other.length <= stop);
    parts.push(text.slice(position, entity.offset));
    parts.push(marked(entity, text.slice(entity.offset, stop), between(text, inner, entity.offset, stop, onAct), onAct));
    position = stop;
  }
  parts.push(text.slice(position, end));
  return parts.filter((part) => part !== '');
}

function marked(entity, source, children, onAct) {
  if (entity.type in TAGS) return h(TAGS[entity.type], {}, children);
  if (entity.type === 'spoiler') return spoiler(children);
  if (entity.type === 'bot_command') {
    return h('a', { href: '#', onclick: (event) => { event.preventDefault(); onAct({ command: source, event }); } }, children);
  }
  const url = address(entity, source);
  if (!url) return h('span', {}, children);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer', onclick: (event) => onAct({ url, event }) }, children);
}

function address(entity, source) {
  if (entity.type === 'text_link') return safe(entity.url);
  if (entity.type === 'url') return safe(source.includes('://') ? source : `http://${source}`);
  return entity.type === 'email' ? `mailto:${source}` : '';
}

/** Only what a chat may open: never a script. */
export function safe(url) {
  return /^(https?|tg|mailto):/i.test(url) ? url : '';
}

function spoiler(children) {
  const element = h('span', { className: 'spoiler', role: 'button', tabindex: '0', 'aria-label': 'Hidden text, open' }, children);
  const open = () => { element.dataset.open = ''; element.removeAttribute('aria-label'); element.removeAttribute('role'); };
  element.addEventListener('click', open);
  element.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') open(); });
  return element;
}
