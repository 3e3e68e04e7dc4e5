import { describe, expect, it } from 'vitest';
import { say } from './words';

describe('words of the organisation', () => {
  it('stand where a text marks them, else the text has its own', () => {
    const here = { team: 'Crew', 'team.many': 'Crews', requester: 'IT user' };
    expect(say('My [[team.many|teams]]', here)).toBe('My crews');
    expect(say('[[team|Team]] of the [[requester|requester]]', here)).toBe('Crew of the IT user');
    expect(say('[[team|支持组]]队列', {})).toBe('支持组队列');
    expect(say('[[team|支持组]]队列', { team: '班组' })).toBe('班组队列');
    expect(say('[[ -f x ]] and [[half', here)).toBe('[[ -f x ]] and [[half');
  });
});
