import type {System} from './system.ts'

/** What people see: browsers, desktops, offices, media and drawing, of Debian 12. */
export const DESKTOP_SYSTEMS: readonly System[] = [
  {
    id: 'browsers',
    about: 'browsers of three engines, with what drives them',
    entrypoint: ['firefox-esr'],
    debian: [
      'firefox-esr',
      'chromium',
      'chromium-driver',
      'epiphany-browser',
      'webkit2gtk-driver',
      'falkon',
      'qutebrowser',
    ],
    large: true,
  },
  {
    id: 'gnome',
    about: 'the desktop of GNOME, with a theme of icons',
    entrypoint: ['gnome-session'],
    debian: ['gnome-core', 'evolution', 'gnome-tweaks', 'gnome-builder', 'papirus-icon-theme', 'task-gnome-desktop'],
    large: true,
  },
  {
    id: 'kde',
    about: 'the desktop of KDE, with its programs',
    entrypoint: ['startplasma-x11'],
    debian: ['kde-standard', 'kdevelop', 'kontact', 'digikam', 'kdenlive', 'krita', 'breeze-icon-theme'],
    large: true,
  },
  {
    id: 'office',
    about: 'an office with its extensions, drawing and typesetting',
    entrypoint: ['soffice'],
    debian: [
      ...['libreoffice', 'libreoffice-gtk3', 'libreoffice-java-common', 'libreoffice-script-provider-python'],
      ...['thunderbird', 'gimp', 'inkscape', 'scribus', 'blender', 'calibre', 'gnucash', 'texmaker'],
    ],
    large: true,
  },
  {
    id: 'media',
    about: 'players, streaming and recording: plugins that programs load by directory',
    entrypoint: ['vlc'],
    debian: [
      ...['gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
      ...['gstreamer1.0-plugins-ugly', 'gstreamer1.0-libav', 'gstreamer1.0-tools', 'vlc', 'mpv', 'ffmpeg'],
      ...['obs-studio', 'pipewire', 'wireplumber', 'pulseaudio', 'ardour', 'lmms', 'audacity', 'kodi'],
      ...['libgl1-mesa-dri', 'mesa-vulkan-drivers', 'mesa-va-drivers', 'pocl-opencl-icd', 'sane-utils', 'cups'],
    ],
    large: true,
  },
]
