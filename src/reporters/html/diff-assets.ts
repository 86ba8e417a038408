import { joinPage } from './join-page.ts';

/** The page of a difference. */
export const { pageHead, pageTail } = joinPage('diff.html');
