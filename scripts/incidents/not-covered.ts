/** Why an incident is not rebuilt: what it would take to see it. */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'INC-033': 'scope: image: a program that s6 starts as a service, with the startup chain right',
  'INC-071': 'scope: image: a tool that the right program starts at run time',
  'INC-077': 'scope: image: a probe that Kubernetes starts, which no HEALTHCHECK names',
  'INC-079': 'scope: image: a browser driver in node_modules that the right program starts at run time',
  'INC-083': 'scope: image: extension modules that python loads at run time',
  'INC-085': 'scope: image: an addon that node loads at run time',
  'INC-087': 'nothing static: a library inside a jar, for the other C library',
  'INC-093': 'scope: image: the debug shell in /busybox, which starts only when it is asked for',
  'INC-099': 'nothing static: instructions above ARMv8.0 that no record tells of',
  'INC-103': 'nothing static: a packed program whose stub names no loader',
}
