import { type ThemeConfig, theme } from 'antd';

const fonts =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif';

// The same colours as the custom properties of base.css; antd computes its states from them.
const light = {
  colorPrimary: '#0b7a75',
  colorPrimaryHover: '#0a6a66',
  colorPrimaryActive: '#085451',
  colorText: '#1c2430',
  colorTextSecondary: '#5b6675',
  colorTextTertiary: '#5b6675',
  colorTextDescription: '#5b6675',
  colorTextPlaceholder: '#6b7684',
  colorTextDisabled: '#79828f',
  colorBgContainer: '#ffffff',
  colorBgElevated: '#ffffff',
  colorBgLayout: '#f6f7f9',
  colorBorder: '#cfd5dc',
  colorBorderSecondary: '#e6e9ed',
  colorLink: '#0b6b67',
  colorError: '#c4262e',
  colorErrorHover: '#ad1f27',
  colorWarning: '#b45309',
  colorSuccess: '#18794e',
  colorInfo: '#1d5fd1',
};
const dark = {
  colorPrimary: '#45c4b7',
  colorPrimaryHover: '#62d3c7',
  colorPrimaryActive: '#36ada1',
  colorPrimaryBg: '#12302f',
  colorPrimaryBorder: '#1f5b56',
  colorText: '#e6eaef',
  colorTextSecondary: '#9da8b6',
  colorTextTertiary: '#9da8b6',
  colorTextDescription: '#9da8b6',
  colorTextPlaceholder: '#8b96a5',
  colorTextDisabled: '#7d8794',
  colorBgContainer: '#171c22',
  colorBgElevated: '#1d232b',
  colorBgLayout: '#101418',
  colorBorder: '#3a434e',
  colorBorderSecondary: '#2a313a',
  colorLink: '#5fd0c4',
  colorLinkHover: '#7addd2',
  colorError: '#ff7b7b',
  colorWarning: '#f0a35e',
  colorSuccess: '#5fc992',
  colorInfo: '#7fb0ff',
};

export function themeFor(isDark: boolean, comfortable: boolean): ThemeConfig {
  const colours = isDark ? dark : light;
  return {
    // The chosen colours win over what the algorithm makes of them.
    algorithm: [
      isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
      (_seed, map) => ({ ...(map as NonNullable<typeof map>), ...colours }),
    ],
    token: {
      ...colours,
      fontFamily: fonts,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: comfortable ? 36 : 32,
      controlHeightSM: 26,
      wireframe: false,
      motion: !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: isDark ? '#06201e' : '#ffffff',
        dangerColor: isDark ? '#2b0708' : '#ffffff',
        fontWeight: 500,
      },
      Tabs: { horizontalItemPadding: '8px 0', horizontalItemGutter: 20, horizontalMargin: '0 0 12px 0' },
      Tooltip: isDark ? { colorBgSpotlight: '#3a434e' } : {},
      Modal: { titleFontSize: 16 },
    },
    hashed: false,
    cssVar: { key: 'yh' },
  };
}
