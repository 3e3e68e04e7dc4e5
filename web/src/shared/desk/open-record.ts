import { api, call } from '../../api/client';
import type { WorkRecord } from '../../api/types';
import type { Values } from '../form/schema';
import { toBody } from './pack-form';

/** What is done to the new record at once: both or nothing. */
export interface Then {
  action: string;
  fields: Values;
}

/** Open a record of a type from the values of a form: common fields flat, own ones apart. */
export const openRecord = (type: string, values: Values, then?: Then) =>
  call<WorkRecord>(
    api.POST('/api/v1/records/{type}', {
      params: { path: { type } },
      body: { ...toBody(values), ...(then ? { then } : {}) } as never,
    }),
  );
