import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Setting } from '../../api/types';
import { meQuery } from '../../shared/lib/queries';
import { settingsQuery } from '../../shared/lib/setting-queries';
import { useProblem } from '../../shared/lib/use-problem';
import { SchemePresets, TermPreview } from '../../shared/settings/presets';
import { putSetting, SettingForm } from '../../shared/settings/setting-form';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones, Empty, useTitle } from '../../shared/ui/page';
import { AdministratorStep } from './administrator-step';
import { CategoriesStep } from './categories-step';
import { EntriesStep } from './entries-step';
import { PeopleStep } from './people-step';
import { SampleStep } from './sample-step';
import css from './setup.module.css';
import { after, isStep, nextStep, type Progress, type Step, steps } from './steps';
import { TeamsStep } from './teams-step';

const route = getRouteApi('/signed-in/setup');

/** The guided first run: from an empty system to one in which a report reaches a team. */
export function SetupPage() {
  const { t } = useTranslation('setup');
  const { data, error, refetch } = useQuery({ ...settingsQuery, retry: false });
  const { data: me } = useQuery(meQuery);
  useTitle(t('title'));
  const may = me?.actions.some((it) => it === '*' || it === 'setting.write');
  return (
    <div className={css.page}>
      <header className={css.head}>
        <img src="/favicon.svg" alt="" />
        <strong>{t('common:product')}</strong>
        <span>{t('title')}</span>
        <Link to="/w" className={css.leave}>
          {t('leave')}
        </Link>
      </header>
      <main id="main" className={css.main}>
        {me && !may && <Empty page title={t('not_yours')} text={t('not_yours_text')} />}
        {may && error && !data && <ErrorView error={error} retry={() => void refetch()} />}
        {may && !data && !error && <Bones rows={6} />}
        {may && data && <Wizard settings={data.items} />}
      </main>
    </div>
  );
}

function Wizard({ settings }: { settings: Setting[] }) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const problem = useProblem();
  const navigate = route.useNavigate();
  const { step: asked } = route.useSearch();
  const of = (key: string) => settings.find((it) => it.key === key);
  const setup = of('setup');
  const progress = (setup?.value ?? { state: 'dismissed' }) as Progress;
  const step = isStep(asked) ? asked : nextStep(progress);

  const [busy, setBusy] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  const came = useRef(step);
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    // The button that was pressed is gone with its step.
    if (came.current !== step) head.current?.focus();
    came.current = step;
    // On a phone the steps are a strip that shows some of them.
    const list = strip.current?.querySelector('ol');
    const here = list?.querySelector<HTMLElement>('[aria-current]');
    if (list && here)
      list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }, [step]);

  const write = async (change: (progress: Progress) => Progress) => {
    if (!setup) return;
    // What was saved with the step may have brought newer settings along; the change is made to those whose version is sent.
    const newest =
      client.getQueryData(settingsQuery.queryKey)?.items.find((it) => it.key === 'setup') ?? setup;
    await putSetting(newest, change(newest.value as Progress));
    await client.invalidateQueries({ queryKey: settingsQuery.queryKey });
    await client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const leave = async (from: Step, how: 'done' | 'later') => {
    if (busy) return;
    setBusy(true);
    try {
      await write((progress) => {
        const next = after(progress, from, how);
        return nextStep(next) ? next : { ...next, state: 'finished' };
      });
      const ahead = steps[steps.indexOf(from) + 1];
      await navigate({ search: { step: ahead } });
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.columns}>
      <nav ref={strip} aria-label={t('steps')} className={css.steps}>
        <ol>
          {steps.map((it) => (
            <li key={it}>
              <Link
                to="/setup"
                search={{ step: it }}
                className={css.step}
                aria-current={it === step ? 'step' : undefined}
              >
                <span className={css.mark} aria-hidden="true">
                  {progress.done?.includes(it)
                    ? '✓'
                    : progress.later?.includes(it)
                      ? '…'
                      : steps.indexOf(it) + 1}
                </span>
                {t(`step_${it}`)}
                {progress.done?.includes(it) && <span className="visually-hidden"> {t('is_done')}</span>}
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      {step ? (
        <section key={step} className={`card ${css.body}`} aria-labelledby="step-title">
          <h1 id="step-title" ref={head} tabIndex={-1}>
            {t(`step_${step}`)}
          </h1>
          <p className="dim">{t(`text_${step}`)}</p>
          <StepBody step={step} of={of} onDone={() => void leave(step, 'done')} />
          <footer className={css.foot}>
            <Button type="link" loading={busy} onClick={() => void leave(step, 'later')}>
              {t('later')}
            </Button>
          </footer>
        </section>
      ) : (
        <Finished head={head} />
      )}
    </div>
  );
}

interface BodyProps {
  step: Step;
  of: (key: string) => Setting | undefined;
  onDone: () => void;
}

function StepBody({ step, of, onDone }: BodyProps) {
  const { t } = useTranslation('setup');
  switch (step) {
    case 'organisation':
    case 'terminology':
    case 'priority_scheme':
    case 'working_hours': {
      const setting = of(step);
      if (!setting) return null;
      return (
        <SettingForm
          key={setting.version}
          setting={setting}
          only={step === 'terminology' ? ['preset'] : undefined}
          action={t('save_next')}
          onSaved={onDone}
          before={(value, put) =>
            step === 'priority_scheme' ? (
              <SchemePresets put={put} />
            ) : step === 'terminology' ? (
              <TermPreview value={value} />
            ) : null
          }
        />
      );
    }
    case 'administrator':
      return <AdministratorStep onDone={onDone} />;
    case 'people':
      return <PeopleStep onDone={onDone} />;
    case 'teams':
      return <TeamsStep onDone={onDone} />;
    case 'categories':
      return <CategoriesStep onDone={onDone} />;
    case 'sample':
      return <SampleStep onDone={onDone} />;
    default:
      return <EntriesStep kind={step} onDone={onDone} />;
  }
}

const onward = ['import', 'settings', 'roles', 'teams', 'categories'] as const;

function Finished({ head }: { head: RefObject<HTMLHeadingElement | null> }) {
  const { t } = useTranslation('setup');
  return (
    <section className={`card ${css.body}`} aria-labelledby="step-title">
      <h1 id="step-title" ref={head} tabIndex={-1}>
        {t('finished')}
      </h1>
      <p className="dim">{t('finished_text')}</p>
      <ul className={css.onward}>
        {onward.map((it) => (
          <li key={it}>
            <Link to={`/w/admin/${it}` as '/w'}>{t(`next_${it}`)}</Link>
          </li>
        ))}
        <li>
          <Link to="/w/queue" search={{}}>
            {t('next_queue')}
          </Link>
        </li>
      </ul>
    </section>
  );
}
