import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { isSafe, Markdown } from './Markdown';

const shown = (text: string) => renderToStaticMarkup(<MantineProvider><Markdown text={text} /></MantineProvider>).replace(/<style[\s\S]*?<\/style>/g, '');

describe('Markdown', () => {
  it('shows headings, lists, tables, code and emphasis', () => {
    const html = shown('# Paste\n\nWith **care** and `x`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ny = 1\n```');

    expect(html).toMatch(/<h3[^>]*>Paste<\/h3>/);
    expect(html).toContain('<strong>care</strong>');
    expect(html).toMatch(/<code[^>]*>x<\/code>/);
    expect(html.match(/<li/g)).toHaveLength(2);
    expect(html.match(/<td/g)).toHaveLength(2);
    expect(html).toContain('y = 1');
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<iframe src="javascript:alert(1)"></iframe>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '![x](javascript:alert(1))',
    '![x](https://elsewhere.example/a.png)',
    '<a href="javascript:alert(1)">x</a>',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '| <b onmouseover=alert(1)>a</b> |\n|---|\n| <svg onload=alert(1)> |',
    '- <details ontoggle=alert(1) open>',
    '```html\n</code><script>alert(1)</script>\n```',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('makes no element, attribute or address of %s', text => {
    const html = shown(text);

    expect(html).not.toMatch(/<(script|img|iframe|svg|details|object|b|embed|form)\b/i);
    expect(html).not.toMatch(/<[^>]*\son\w+\s*=/i);
    expect(html).not.toMatch(/(href|src)\s*=\s*"?\s*(javascript|data|vbscript):/i);
    expect(html).not.toMatch(/<[^>]*\ssrc\s*=/i);
  });

  it('links to web pages and mail only, and gives them no hold on this page', () => {
    expect(shown('[docs](https://example.com/a)')).toMatch(/href="https:\/\/example.com\/a"[^>]*|rel="noopener noreferrer nofollow"/);
    expect(isSafe('https://a')).toBe(true);
    expect(isSafe('mailto:a@b')).toBe(true);
    expect(isSafe('//a')).toBe(false);
    expect(isSafe(' javascript:x')).toBe(false);
  });
});
