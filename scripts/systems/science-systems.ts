import type {System} from './system.ts'

/** Manuals, icons and fonts. */
export const DOCUMENTS: readonly string[] = [
  ...['python3.11-doc', 'openjdk-17-doc', 'libboost1.74-doc', 'debian-handbook', 'linux-doc-6.1', 'fonts-noto-core'],
  ...['papirus-icon-theme', 'numix-icon-theme', 'breeze-icon-theme', 'mate-icon-theme', 'elementary-xfce-icon-theme'],
  ...['kicad-footprints', 'faenza-icon-theme', 'obsidian-icon-theme'],
]

/** What is computed, typeset and stored with, of Debian 12. */
export const SCIENCE_SYSTEMS: readonly System[] = [
  {
    id: 'tex',
    about: 'TeX Live with packages, fonts and languages',
    entrypoint: ['lualatex'],
    debian: [
      ...['texlive-latex-extra', 'texlive-science', 'texlive-publishers', 'texlive-pictures', 'texlive-pstricks'],
      ...['texlive-fonts-recommended', 'texlive-font-utils', 'texlive-luatex', 'texlive-xetex', 'texlive-metapost'],
      ...['texlive-lang-european', 'texlive-lang-greek', 'texlive-humanities', 'texlive-music', 'texlive-games'],
      ...['latexmk', 'biber', 'context', 'lyx', 'fonts-lmodern'],
    ],
    large: true,
  },
  {
    id: 'mathematics',
    about: 'Octave, computer algebra, statistics, with native plugins of each',
    entrypoint: ['octave'],
    debian: [
      ...['octave', 'octave-control', 'octave-image', 'octave-signal', 'octave-statistics', 'octave-io', 'scilab-cli'],
      ...['gap', 'gap-character-tables', 'pari-gp', 'singular', 'maxima', 'gnuplot-nox', 'sagemath'],
      ...['r-base-core', 'r-cran-tidyverse', 'r-cran-rcpparmadillo', 'r-cran-bh', 'r-cran-shiny', 'r-cran-lme4'],
      ...['r-cran-caret', 'r-cran-sf', 'r-cran-rjava', 'r-cran-rstan', 'r-bioc-deseq2', 'r-cran-data.table'],
    ],
    large: true,
  },
  {
    id: 'science',
    about: 'maps, meshes, medicine, robots: programs with many plugins and MPI',
    entrypoint: ['qgis'],
    debian: [
      ...['qgis', 'grass-core', 'gdal-bin', 'paraview', 'gmsh', 'freecad', 'openmpi-bin', 'libpetsc-real-dev'],
      ...['hdf5-tools', 'netcdf-bin', 'gromacs', 'openfoam', 'ros-desktop-full', 'dcmtk', 'python3-vtk9'],
      ...[
        'python3-sklearn',
        'python3-skimage',
        'python3-matplotlib',
        'python3-h5py',
        'python3-torch',
        'jupyter-notebook',
      ],
      ...['python3-opencv', 'python3-astropy', 'python3-netcdf4', 'python3-dask', 'spyder'],
    ],
    large: true,
  },
  {
    id: 'electronics',
    about: 'boards, chips and what is programmed into them',
    entrypoint: ['kicad'],
    debian: [
      ...['kicad', 'kicad-symbols', 'kicad-footprints', 'iverilog', 'verilator', 'yosys', 'ghdl', 'gtkwave'],
      ...['arduino', 'avrdude', 'openocd', 'sigrok-cli', 'sigrok-firmware-fx2lafw', 'gputils', 'nextpnr-ice40'],
      ...['fpga-icestorm', 'flashrom', 'gnuradio', 'librecad', 'simavr', 'simulide'],
    ],
    large: true,
  },
  {
    id: 'databases',
    about: 'PostgreSQL with extensions, and other databases and brokers',
    entrypoint: ['postgres'],
    debian: [
      ...['postgresql-15', 'postgresql-15-postgis-3', 'postgresql-15-cron', 'postgresql-15-repack'],
      ...['postgresql-15-pgrouting', 'postgresql-15-plr', 'postgresql-15-hypopg', 'postgresql-15-wal2json'],
      ...['postgresql-plpython3-15', 'postgresql-plperl-15', 'postgresql-pltcl-15', 'postgresql-15-mysql-fdw'],
      ...[
        'mariadb-server',
        'mariadb-plugin-rocksdb',
        'mariadb-plugin-connect',
        'redis-server',
        'sqlite3',
        'firebird3.0-server',
      ],
      ...['libsqlite3-mod-spatialite', 'virtuoso-opensource-7', 'mosquitto', 'etcd-server', 'prometheus', 'varnish'],
      ...[
        'apache2',
        'libapache2-mod-php',
        'libapache2-mod-wsgi-py3',
        'libapache2-mod-perl2',
        'nginx-extras',
        'uwsgi',
        'uwsgi-plugins-all',
      ],
      ...['dovecot-imapd', 'exim4-daemon-heavy', 'freeradius', 'samba', 'icinga2', 'collectd', 'zabbix-server-pgsql'],
    ],
    large: true,
  },
  {
    id: 'headers',
    about: 'headers of kernels of several flavours, with the programs that build modules',
    entrypoint: ['bash'],
    debian: ['linux-libc-dev', 'linux-doc-6.1', 'dkms', 'linux-kbuild-6.1'],
    only: {
      amd64: ['linux-headers-amd64', 'linux-headers-rt-amd64', 'linux-headers-cloud-amd64', 'broadcom-sta-dkms'],
      arm64: ['linux-headers-arm64', 'linux-headers-rt-arm64', 'linux-headers-cloud-arm64'],
    },
  },
  {
    id: 'documents',
    about: 'manuals, icons and fonts: many files, of which none is a program',
    entrypoint: ['bash'],
    debian: ['python3-doc', ...DOCUMENTS],
    large: true,
  },
]
