import { useEffect } from 'react';

let node = '';

/** Takes the name of the node, which stands behind the title of every page. */
export function nameNode(name: string): void {
  node = name;
}

/** Names the page in the browser's tab. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = [title, node, 'Mlops'].filter(Boolean).join(' · ');
  });
}
