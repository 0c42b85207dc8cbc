// The tags of WeChat that the preview knows; the build warns of others.

/** Tags that are part of the language of templates and make no element. */
const SYNTAX = ['block', 'template', 'import', 'include', 'wxs', 'slot'];

/** Tags that make an element. */
export const TAGS = [
  'view',
  'text',
  'label',
  'scroll-view',
  'swiper',
  'swiper-item',
  'cover-view',
  'image',
  'button',
  'input',
  'textarea',
  'picker',
  'switch',
  'radio-group',
  'radio',
  'checkbox-group',
  'checkbox',
  'form',
  'navigator',
  'icon',
  'progress',
  'rich-text',
  'web-view',
  'page-meta',
  'page-container',
  'root-portal',
];

export const BUILT_IN = new Set([...SYNTAX, ...TAGS]);
