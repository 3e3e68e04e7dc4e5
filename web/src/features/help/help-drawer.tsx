import { useMatches, useNavigate } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showOverlay } from '../../shared/lib/overlays';
import { chapterOf } from './guide';
import { GuideView } from './guide-view';

/** The chapter about the page one is on, beside that page: what is typed there stays. */
export function HelpDrawer({ face }: { face: 'portal' | 'work' }) {
  const { t } = useTranslation('help');
  const navigate = useNavigate();
  const here = useMatches().at(-1);
  const [chosen, setChosen] = useState<string>();
  const at = chosen ?? chapterOf(here?.fullPath ?? '', here?.pathname ?? '');
  const close = () => showOverlay(null);
  return (
    <Drawer
      open
      size={560}
      title={t('title')}
      onClose={close}
      extra={
        <>
          <Button size="small" onClick={() => showOverlay('tour')}>
            {t('tour')}
          </Button>
          <Button
            size="small"
            style={{ marginInlineStart: 8 }}
            onClick={() => {
              close();
              void navigate({
                to: face === 'work' ? '/w/help/$chapter' : '/help/$chapter',
                params: { chapter: at ?? 'guide' },
              });
            }}
          >
            {t('as_page')}
          </Button>
        </>
      }
    >
      <GuideView at={at} onOpen={setChosen} />
    </Drawer>
  );
}
