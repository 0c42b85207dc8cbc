// Every built-in element.
import { defineButtons } from './button.js';
import { defineChoices } from './choices.js';
import { defineFields } from './fields.js';
import { defineForm } from './form.js';
import { definePicker } from './picker.js';
import { definePlain } from './plain.js';
import { defineRichText } from './rich_text.js';

export function registerBuiltIn() {
  definePlain();
  defineRichText();
  defineButtons();
  defineFields();
  defineChoices();
  defineForm();
  definePicker();
}
