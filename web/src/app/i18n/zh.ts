import antd from 'antd/locale/zh_CN';
import { collect } from './collect';

export const bundle = {
  antd,
  texts: collect(import.meta.glob('../../**/texts.zh.json', { eager: true, import: 'default' })),
};
