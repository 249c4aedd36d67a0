// SPDX-License-Identifier: Apache-2.0
#include "main_window.hpp"
#include "scene_view.hpp"
#include "script.hpp"
#include "theme.hpp"
#include "vtk_canvas.hpp"

#include <guide/core/error.hpp>

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>
#include <cstdio>
#include <exception>

namespace {

/// A fault in what a key or a click asked for is said, and the window goes on.
class Application : public QApplication {
  public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        try {
            return QApplication::notify(receiver, event);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "guide-viewer: %s\n", error.what());
            for (QWidget* top : topLevelWidgets()) {
                if (auto* window = qobject_cast<guide::viewer::MainWindow*>(top))
                    window->show_fault(QString::fromUtf8(error.what()));
            }
        }
        return true;
    }
};

}  // namespace

int main(int argc, char** argv) {
    using namespace guide::viewer;
    prepare_surfaces();
    QApplication::setAttribute(Qt::AA_EnableHighDpiScaling);
    QApplication::setAttribute(Qt::AA_UseHighDpiPixmaps);
    Application application(argc, argv);
    QApplication::setOrganizationName("guide");
    QApplication::setApplicationName("guide-viewer");
    QApplication::setApplicationVersion(GUIDE_VERSION);

    QCommandLineParser line;
    line.setApplicationDescription(
        "Shows a knee picture with its joint space and the planned needle path, and checks paths "
        "that you draw.\nFor training and research. This is not a medical device.");
    line.addHelpOption();
    line.addVersionOption();
    line.addPositionalArgument("FILE", "Picture, clip, DICOM file or folder to open", "[FILE]");
    const QCommandLineOption script("script", "Play the events of this JSON file, then end",
                                    "FILE");
    const QCommandLineOption theme("theme", "dark, light or contrast", "NAME");
    const QCommandLineOption data("training", "Where records and scores of lessons are kept",
                                  "FOLDER");
    const QCommandLineOption drawing(
        "drawing", "What draws: vtk, processor, or auto (VTK where there is a graphics card)",
        "NAME", "auto");
    line.addOptions({script, theme, data, drawing});
    line.process(application);
    const QString by = line.value(drawing);
    if (by != "auto" && by != "vtk" && by != "processor") {
        std::fprintf(stderr, "guide-viewer: --drawing is auto, vtk or processor, not \"%s\".\n",
                     qPrintable(by));
        return 2;
    }
    if (by == "vtk" || (by == "auto" && has_graphics_card()))
        SceneView::choose(SceneView::Drawing::vtk);

    // Scripts neither read nor change what the user has set.
    if (line.isSet(script)) QApplication::setApplicationName("guide-viewer-script");
    if (line.isSet(script)) QSettings().clear();
    const QString look =
        line.isSet(theme) ? line.value(theme) : QSettings().value("theme", "dark").toString();
    try {
        const QString training =
            line.isSet(data)
                ? line.value(data)
                : QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/training";
        MainWindow window(theme_named(look.toStdString()), training);
        window.show();
        if (!line.positionalArguments().isEmpty()) window.open(line.positionalArguments().front());
        if (!line.isSet(script)) return QApplication::exec();
        Script played(line.value(script), window);
        QObject::connect(&played, &Script::finished, &application,
                         [](int code) { QApplication::exit(code); });
        QTimer::singleShot(0, &played, &Script::start);
        return QApplication::exec();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "guide-viewer: %s\n", error.what());
        return 1;
    }
}
