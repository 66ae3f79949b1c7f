export { shownText } from '../../source/shown-text.js';
