import { Anchor, Blockquote, Code, List, Table, Text, Title } from '@mantine/core';
import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import classes from './Markdown.module.css';

/**
 * Shows Markdown that others have written. The parser only splits it; what is shown is made of elements and text, never of HTML:
 * tags in it appear as they are written, pictures as their names, and links lead only to web pages and mail.
 */
export function Markdown({ text }: { text: string }) {
  return <div className={classes.markdown}>{blocks(lexer(text, { gfm: true }))}</div>;
}

const safe = /^(https?:\/\/|mailto:)/i;

/** Whether a link may be followed. */
export function isSafe(address: string): boolean {
  return safe.test(address.trim());
}

function blocks(tokens: readonly Token[]): ReactNode[] {
  return tokens.map((token, i) => <Fragment key={i}>{block(token)}</Fragment>);
}

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      // The page has a heading of its own.
      return <Title order={Math.min(6, (token as Tokens.Heading).depth + 2) as 3 | 4 | 5 | 6}>{inline((token as Tokens.Heading).tokens)}</Title>;
    case 'paragraph':
      return <Text component="p">{inline((token as Tokens.Paragraph).tokens)}</Text>;
    case 'code':
      return <Code block tabIndex={0} className={classes.code}>{(token as Tokens.Code).text}</Code>;
    case 'blockquote':
      return <Blockquote p="sm">{blocks((token as Tokens.Blockquote).tokens)}</Blockquote>;
    case 'hr':
      return <hr className={classes.rule} />;
    case 'list': {
      const list = token as Tokens.List;
      return <List type={list.ordered ? 'ordered' : 'unordered'}>{list.items.map((item, i) => <List.Item key={i}>{blocks(item.tokens)}</List.Item>)}</List>;
    }
    case 'table':
      return table(token as Tokens.Table);
    case 'text': {
      const text = token as Tokens.Text;
      return text.tokens ? inline(text.tokens) : text.text;
    }
    default:
      return <Text component="p" className={classes.raw}>{token.raw}</Text>;
  }
}

function table(token: Tokens.Table): ReactNode {
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table withTableBorder>
        <Table.Thead><Table.Tr>{token.header.map((cell, i) => <Table.Th key={i}>{inline(cell.tokens)}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {token.rows.map((row, i) => <Table.Tr key={i}>{row.map((cell, j) => <Table.Td key={j}>{inline(cell.tokens)}</Table.Td>)}</Table.Tr>)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function inline(tokens: readonly Token[]): ReactNode[] {
  return tokens.map((token, i) => <Fragment key={i}>{span(token)}</Fragment>);
}

function span(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline((token as Tokens.Strong).tokens)}</strong>;
    case 'em':
      return <em>{inline((token as Tokens.Em).tokens)}</em>;
    case 'del':
      return <del>{inline((token as Tokens.Del).tokens)}</del>;
    case 'codespan':
      return <Code>{(token as Tokens.Codespan).text}</Code>;
    case 'br':
      return <br />;
    case 'link': {
      const link = token as Tokens.Link;
      return isSafe(link.href) ? <Anchor href={link.href} target="_blank" rel="noopener noreferrer nofollow">{inline(link.tokens)}</Anchor> : inline(link.tokens);
    }
    case 'image':
      return `[${(token as Tokens.Image).text || 'picture'}]`;
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'text': {
      const text = token as Tokens.Text;
      return text.tokens ? inline(text.tokens) : text.raw;
    }
    default:
      return token.raw;
  }
}

