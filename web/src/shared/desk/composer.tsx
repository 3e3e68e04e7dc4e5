import { Button } from 'antd';
import { type KeyboardEvent, type Ref, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Ref as Reference, Visibility } from '../../api/types';
import { DropArea, FileButtons, FileChips } from '../form/file-picker';
import { keepDraft, readDraft } from '../lib/draft';
import { useProblem } from '../lib/use-problem';
import { useSending } from '../lib/use-sending';
import { LockIcon, MessageIcon } from '../ui/icons';
import { toast } from '../ui/toast';
import css from './desk.module.css';
import { MentionBox } from './mention-box';
import { spokenTo } from './mentions';
import { Reach } from './reach';
import { ReplyTemplates } from './reply-templates';
import { ReplyWarning } from './reply-warning';
import { opened, putIn } from './reply-words';
import { type RecordId, useRecordWrites } from './use-record-writes';
import { useUploads } from './use-uploads';

interface Props {
  record: RecordId & { version: number };
  /** Who reads a public reply; absent on the portal, where the requester writes. */
  to?: Reference | null;
  canInternal: boolean;
  box?: Ref<HTMLTextAreaElement>;
  /** Told when somebody begins and ceases to write. */
  onTyping?: (on: boolean) => void;
}

interface Draft {
  body: string;
  kind: Visibility;
  picked?: Reference[];
}
const draftName = (record: RecordId) => `${record.type}.${record.number}`;

/** Of the people spoken to, those who the server says may not read it. */
function unheardOf(error: unknown, people: Reference[]): Reference[] {
  if (!isStatus(error, 422)) return [];
  const places = (error.problem.errors ?? []).map((it) => /^\/mentions\/(\d+)$/.exec(it.pointer)?.[1]);
  return people.filter((_, index) => places.includes(String(index)));
}

/** Where words are written. Public and internal look different before anything is typed, and say who will read it. */
export function Composer({ record, to, canInternal, box, onTyping }: Props) {
  const { t } = useTranslation('desk');
  const problem = useProblem();
  const writes = useRecordWrites(record);
  const uploads = useUploads(record);
  const id = useId();
  const [body, setBody] = useState(() => readDraft<Draft>(draftName(record))?.body ?? '');
  const [kind, setKind] = useState<Visibility>(
    () => (canInternal && readDraft<Draft>(draftName(record))?.kind) || 'public',
  );
  const [files, setFiles] = useState<File[]>([]);
  const [picked, setPicked] = useState<Reference[]>(() => readDraft<Draft>(draftName(record))?.picked ?? []);
  const [unheard, setUnheard] = useState<string>();
  const { busy, send: sendOnce } = useSending();
  // Where a template goes: what is selected while the list is open.
  const [place, setPlace] = useState<[number, number]>();
  const { type, number } = record;
  useEffect(
    () => keepDraft(draftName({ type, number }), body && { body, kind, picked }),
    [type, number, body, kind, picked],
  );

  // What was kept from another day is not being written now.
  const untouched = useRef(body);
  useEffect(() => {
    if (!onTyping || body === untouched.current) return;
    untouched.current = body;
    onTyping(body !== '');
    const timer = setTimeout(() => onTyping(false), 20_000);
    return () => clearTimeout(timer);
  }, [body, onTyping]);

  const ready = body.trim() !== '' || files.length > 0;
  const send = async () => {
    if (!ready) return;
    setUnheard(undefined);
    const people = spokenTo(body, picked);
    try {
      await sendOnce(async () => {
        if (body.trim())
          await writes.comment(
            body.trim(),
            kind,
            people.map((it) => it.key),
          );
        setBody('');
        setPicked([]);
        const complete = await uploads.send(files, kind);
        if (complete) setFiles([]);
        toast.success(t(kind === 'internal' ? 'noted' : 'sent'));
      });
    } catch (error) {
      const names = unheardOf(error, people).map((it) => it.label);
      if (names.length > 0) setUnheard(names.join(t('common:comma')));
      else problem(error);
    }
  };
  const area = () => document.getElementById(id) as HTMLTextAreaElement | null;
  const openTemplates = () =>
    setPlace([area()?.selectionStart ?? body.length, area()?.selectionEnd ?? body.length]);
  const back = (caret: number) =>
    requestAnimationFrame(() => {
      area()?.focus();
      area()?.setSelectionRange(caret, caret);
    });
  const takeTemplate = (words: string) => {
    const next = putIn(body, place?.[0] ?? body.length, place?.[1] ?? body.length, words);
    setBody(next.text);
    setPlace(undefined);
    back(next.caret);
  };
  const write = (text: string) => {
    const called = opened(text, area()?.selectionStart ?? text.length);
    setBody(called?.text ?? text);
    if (called) setPlace([called.at, called.at]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (canInternal && event.key === ';' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      openTemplates();
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
  };
  const hint = !canInternal
    ? t('write_portal')
    : kind === 'internal'
      ? t('write_internal')
      : t('write_public', { name: to?.label ?? '' });
  return (
    <DropArea onPick={(more) => setFiles([...files, ...more])}>
      <div className={css.composer} data-kind={kind}>
        {canInternal && (
          <div className={css.composerTop}>
            <div className={css.kinds} role="radiogroup" aria-label={t('reply_kind')}>
              {(['public', 'internal'] as const).map((it) => (
                // biome-ignore lint/a11y/useSemanticElements: two buttons that look like tabs, with radio meaning
                <button
                  key={it}
                  type="button"
                  role="radio"
                  className="plain"
                  aria-checked={kind === it}
                  onClick={() => setKind(it)}
                >
                  {it === 'internal' ? <LockIcon /> : <MessageIcon />} {t(it)}
                </button>
              ))}
            </div>
            <span className="dim">
              {kind === 'internal' ? t('to_staff') : to && t('to', { name: to.label })}
            </span>
          </div>
        )}
        <label htmlFor={id} className="visually-hidden">
          {hint}
        </label>
        {canInternal ? (
          <MentionBox
            id={id}
            box={box}
            rows={2}
            placeholder={hint}
            title={t('mention_hint')}
            value={body}
            onChange={write}
            onMention={(person) => setPicked([...picked, person])}
            onKeyDown={onKeyDown}
          />
        ) : (
          <textarea
            id={id}
            ref={box}
            rows={2}
            placeholder={hint}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            onKeyDown={onKeyDown}
          />
        )}
        {canInternal && (
          <Reach
            record={record}
            action="comment"
            fields={body.trim() ? { body: '…', visibility: kind } : undefined}
            also={spokenTo(body, picked)}
          />
        )}
        {place && (
          <ReplyTemplates
            record={record}
            onTake={takeTemplate}
            onClose={() => {
              setPlace(undefined);
              back(place[1]);
            }}
          />
        )}
        {canInternal && kind === 'public' && <ReplyWarning record={record} body={body} />}
        {unheard && (
          <p role="alert" className={css.composerWrong}>
            {t('mention_wrong', { names: unheard })}
          </p>
        )}
        {files.length > 0 && (
          <div style={{ padding: '0 10px' }}>
            <FileChips files={files} onRemove={(gone) => setFiles(files.filter((it) => it !== gone))} />
          </div>
        )}
        <div className={css.composerFoot}>
          <FileButtons small onPick={(more) => setFiles([...files, ...more])} disabled={busy} />
          {canInternal && (
            <Button
              size="small"
              type="text"
              title={t('template_keys')}
              aria-expanded={place !== undefined}
              onClick={() => (place ? setPlace(undefined) : openTemplates())}
            >
              {t('templates')}
            </Button>
          )}
          <div className={css.composerEnd}>
            <span className={`dim small ${css.hint}`}>
              {uploads.sending
                ? `${t('common:form.uploading', { name: uploads.sending.name })} ${Math.round(uploads.sending.part * 100)} %`
                : t('send_key')}
            </span>
            <Button
              type={kind === 'internal' ? 'default' : 'primary'}
              loading={busy}
              disabled={!ready}
              onClick={() => void send()}
            >
              {t(!canInternal ? 'send_portal' : kind === 'internal' ? 'send_internal' : 'send_public')}
            </Button>
          </div>
        </div>
      </div>
    </DropArea>
  );
}
