import { joinPage } from './join-page.ts';

/** The page of a report. */
export const { pageHead, pageTail } = joinPage('page.html');
