import { Popconfirm } from 'antd';
import { type ReactElement, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  /** What will happen, as a question. */
  title: string;
  /** The verb of the button that does it. */
  ok: string;
  danger?: boolean;
  onConfirm: () => void;
  /** The button that asks. */
  children: ReactElement;
}

/**
 * Asks before something that cannot be undone. The question stands in the page's own landmark; it takes the focus, on the way
 * out, and gives it back.
 */
export function Confirm({ title, ok, danger, onConfirm, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const from = useRef<HTMLElement | null>(null);
  return (
    <Popconfirm
      title={title}
      okText={ok}
      okButtonProps={{ danger }}
      cancelText={t('common:cancel')}
      cancelButtonProps={{ id }}
      destroyOnHidden
      getPopupContainer={(button) => button.closest<HTMLElement>('[role="dialog"], main') ?? document.body}
      onOpenChange={(open) => {
        if (open) from.current = document.activeElement as HTMLElement | null;
        // What was asked about may be gone by then.
        else requestAnimationFrame(() => from.current?.isConnected && from.current.focus());
      }}
      // Only once it has its place: focused before, it would move the page.
      afterOpenChange={(open) => open && document.getElementById(id)?.focus({ preventScroll: true })}
      onConfirm={onConfirm}
    >
      {children}
    </Popconfirm>
  );
}
