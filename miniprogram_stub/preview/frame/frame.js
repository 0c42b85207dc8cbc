// The desk: the phone's screen is a document of its own (app.html); beside it, who holds it and what happens to it.
import { drawPanel } from './panel.js';
import { phone } from './phone.js';

phone.start(document.querySelector('.screen'));
drawPanel(document.querySelector('.panel'));
