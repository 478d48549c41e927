import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

// One quiet blue for what can be acted on; other colours mean a state.
const steel: MantineColorsTuple = ['#eef4fa', '#dde7f1', '#b7cde2', '#8eb1d3', '#6c99c6', '#568abf', '#4a82bc', '#3a6fa6', '#2f6296', '#1f4e79'];
const dark: MantineColorsTuple = ['#d5d9df', '#b3bac4', '#949ca9', '#6b7480', '#414853', '#333a44', '#272d36', '#1c2129', '#161a21', '#101318'];

export const theme = createTheme({
  primaryColor: 'steel',
  primaryShade: { light: 8, dark: 7 },
  colors: { steel, dark },
  defaultRadius: 'sm',
  fontFamily: 'Inter, "Segoe UI Variable Text", "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "Cascadia Mono", Consolas, "Liberation Mono", Menlo, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  components: {
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
    // A table that is too wide is moved by the keyboard too.
    TableScrollContainer: { defaultProps: { type: 'native', tabIndex: 0, role: 'group', 'aria-label': 'Table' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, multiline: true, maw: 360, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { position: 'right', overlayProps: { backgroundOpacity: 0.35 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close the notice' } } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Paper: { defaultProps: { radius: 'md' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

export const colorSchemes = localStorageColorSchemeManager({ key: 'mlops-theme' });
