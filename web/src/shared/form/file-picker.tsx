import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { infoQuery } from '../lib/queries';
import { CameraIcon, PaperClipIcon } from '../ui/icons';
import { toast } from '../ui/toast';
import { endingOf, refusalOf } from './file-check';
import css from './form.module.css';

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

/** Hands on the files that the server would take; the others are named with the reason at once. */
function useAccepted(onPick: (files: File[]) => void) {
  const { t } = useTranslation();
  const { data: info } = useQuery(infoQuery);
  return (files: File[]) => {
    const good = files.filter((file) => {
      const refusal = refusalOf(file, info?.attachments);
      const kinds = info?.attachments.endings.join(t('common:comma'));
      const words = { name: file.name, size: fileSize(file.size), ending: endingOf(file.name), kinds };
      if (refusal) toast.error(t(`common:form.${refusal}`, words));
      return !refusal;
    });
    if (good.length > 0) onPick(good);
  };
}

interface Props {
  onPick: (files: File[]) => void;
  small?: boolean;
  disabled?: boolean;
}

/** Buttons that choose files, and on a phone take a photo. */
export function FileButtons({ onPick, small, disabled }: Props) {
  const { t } = useTranslation();
  const accept = useAccepted(onPick);
  const files = useRef<HTMLInputElement>(null);
  const photo = useRef<HTMLInputElement>(null);
  const taken = (input: HTMLInputElement) => {
    accept([...(input.files ?? [])]);
    input.value = '';
  };
  const touch = globalThis.matchMedia?.('(pointer: coarse)').matches;
  const size = small ? 'small' : 'middle';
  return (
    <>
      <input ref={files} type="file" multiple hidden onChange={(event) => taken(event.currentTarget)} />
      <input
        ref={photo}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => taken(event.currentTarget)}
      />
      <Button
        size={size}
        type={small ? 'text' : 'default'}
        disabled={disabled}
        icon={<PaperClipIcon />}
        onClick={() => files.current?.click()}
      >
        {t('common:form.attach')}
      </Button>
      {touch && (
        <Button
          size={size}
          type={small ? 'text' : 'default'}
          disabled={disabled}
          icon={<CameraIcon />}
          onClick={() => photo.current?.click()}
        >
          {t('common:form.photo')}
        </Button>
      )}
    </>
  );
}

export function FileChips({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className={css.chips}>
      {files.map((file) => (
        <li key={`${file.name}.${file.size}.${file.lastModified}`} className={css.chip}>
          <span className="ellipsis">{file.name}</span>
          <span className="dim nowrap">{fileSize(file.size)}</span>
          <button
            type="button"
            className="plain"
            aria-label={`${t('common:remove')} ${file.name}`}
            onClick={() => onRemove(file)}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Files dropped or pasted anywhere inside are taken. */
export function DropArea({
  onPick,
  className,
  children,
}: {
  onPick: (files: File[]) => void;
  className?: string;
  children: ReactNode;
}) {
  const accept = useAccepted(onPick);
  const [over, setOver] = useState(false);
  const stop = (event: DragEvent, state: boolean) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(state);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons are the first
    <div
      className={`${className ?? ''} ${over ? css.dropping : ''}`}
      onDragOver={(event) => stop(event, true)}
      onDragLeave={(event) => stop(event, false)}
      onDrop={(event) => {
        stop(event, false);
        accept([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (files.length > 0) {
          event.preventDefault();
          accept(files);
        }
      }}
    >
      {children}
    </div>
  );
}
