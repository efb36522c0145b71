/** A photo in large, with the upload itself to download. */

import { h, icon } from './dom.js';

/** @param {any} shown an item of GET /messages with a photo */
export function openPhoto(shown) {
  const caption = shown.message.caption ?? '';
  const close = () => dialog.close();
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { className: 'lightbox', 'aria-label': 'Photo' },
    h('div', { className: 'lightbox-bar' },
      h('a', { className: 'button quiet', href: shown.photo_url, download: 'photo.jpg' }, icon('download'), 'Photo'),
      h('a', { className: 'button quiet', href: shown.original_url, download: shown.file_name || 'upload' }, icon('download'), 'As uploaded'),
      h('button', { className: 'button quiet icon', type: 'button', 'aria-label': 'Close', onclick: close }, icon('close'))),
    h('figure', { onclick: (event) => { if (event.target === event.currentTarget) close(); } },
      h('img', { src: shown.photo_url, alt: caption || 'Photo' })),
    h('p', { className: 'lightbox-caption', dir: 'auto' }, caption)));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
