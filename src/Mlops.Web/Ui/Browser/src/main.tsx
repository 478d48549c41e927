import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/app.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { nonce } from './api/place';
import { App } from './app/App';

if (nonce)
  setNonce(nonce);
createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);
