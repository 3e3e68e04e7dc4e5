import antd from 'antd/locale/en_US';
import { collect } from './collect';

export const bundle = {
  antd,
  texts: collect(import.meta.glob('../../**/texts.en.json', { eager: true, import: 'default' })),
};
