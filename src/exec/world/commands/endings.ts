/** Commands of OpenRC's scripts that print, and end as they are told: `eend $?`. */
export const ENDINGS = ['eend', 'ewend', 'veend', 'vewend']
