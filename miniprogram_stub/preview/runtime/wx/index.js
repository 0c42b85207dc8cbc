// The object `wx`.
import { accountFunctions } from './account.js';
import { deviceFunctions } from './device.js';
import { dialogFunctions } from './dialogs.js';
import { fileFunctions } from './files.js';
import { mediaFunctions } from './media.js';
import { navigationFunctions } from './navigation.js';
import { networkFunctions } from './network.js';
import { privacyFunctions } from './privacy.js';
import { settingFunctions } from './settings.js';
import { storageFunctions } from './storage.js';

const known = {
  ...accountFunctions,
  ...deviceFunctions,
  ...dialogFunctions,
  ...fileFunctions,
  ...mediaFunctions,
  ...navigationFunctions,
  ...networkFunctions,
  ...privacyFunctions,
  ...settingFunctions,
  ...storageFunctions,
  env: { USER_DATA_PATH: 'wxfile://usr' },
  /** `button.open-type.contact`, `chooseMedia`, `object.member.x`: a function is there or not, the rest is. */
  canIUse: (what) => !/^[a-z]+[A-Z]/.test(what) || what.split('.')[0] in known,
};

export const wx = known;
