# guide_module(<name>
#   [SOURCES file...]          relative to the module's folder; none makes a header-only module
#   [USES module...]           guide modules whose headers stand in this module's public headers
#   [USES_PRIVATE module...]   guide modules used in sources only
#   [LINK target...]           third-party targets that stand in public headers
#   [LINK_PRIVATE target...]   third-party targets used in sources only
#   [REQUIRES package...]      what find_package(guide COMPONENTS <name>) has to look for, e.g. "Eigen3"
# )
#
# Makes the target guide_<name> (alias guide::<name>): public headers in include/guide/<name>, hidden symbols with an
# export header <guide/<name>/export.hpp>, a header self-containment check, install rules and a package component.

include(GenerateExportHeader)

function(guide_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;USES_PRIVATE;LINK;LINK_PRIVATE;REQUIRES" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "guide_module(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target guide_${name})
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/include/guide/*/*.hpp")

  if(arg_SOURCES)
    add_library(${target} ${arg_SOURCES})
    set(scope PUBLIC)
    generate_export_header(
      ${target}
      BASE_NAME guide_${name}
      EXPORT_FILE_NAME "${CMAKE_CURRENT_BINARY_DIR}/include/guide/${name}/export.hpp")
    target_sources(
      ${target}
      PUBLIC FILE_SET
             HEADERS
             BASE_DIRS
             include
             "${CMAKE_CURRENT_BINARY_DIR}/include"
             FILES
             ${headers}
             "${CMAKE_CURRENT_BINARY_DIR}/include/guide/${name}/export.hpp")
    set_target_properties(
      ${target}
      PROPERTIES CXX_VISIBILITY_PRESET hidden
                 VISIBILITY_INLINES_HIDDEN ON
                 VERSION ${PROJECT_VERSION}
                 SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
                 INSTALL_RPATH "$ORIGIN")
    if(NOT BUILD_SHARED_LIBS)
      string(TOUPPER ${name} upper)
      target_compile_definitions(${target} PUBLIC GUIDE_${upper}_STATIC_DEFINE)
      set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:guide_build_flags>)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_sources(${target} INTERFACE FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  endif()
  add_library(guide::${name} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})

  if(GUIDE_CHECK_HEADERS)
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()

  list(TRANSFORM arg_USES PREPEND guide::)
  list(TRANSFORM arg_USES_PRIVATE PREPEND guide::)
  target_link_libraries(${target} ${scope} ${arg_USES} ${arg_LINK})
  if(arg_SOURCES)
    target_link_libraries(${target} PRIVATE ${arg_USES_PRIVATE} ${arg_LINK_PRIVATE})
  endif()

  if(NOT BUILD_SHARED_LIBS)
    return()  # static modules serve one's own build tree: installed, they would need every private package (docs/decisions/0002)
  endif()
  install(
    TARGETS ${target}
    EXPORT guide-${name}
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(
    EXPORT guide-${name}
    NAMESPACE guide::
    FILE guide-${name}-targets.cmake
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/guide")

  # What the package file needs to know of this component: the components below it and the packages it looks for. The
  # shared libraries keep their private packages to themselves.
  set(needs ${arg_USES})
  set(packages ${arg_REQUIRES})
  if(arg_USES_PRIVATE)
    list(APPEND needs ${arg_USES_PRIVATE})
  endif()
  list(TRANSFORM needs REPLACE "^guide::" "")
  set_property(GLOBAL APPEND PROPERTY GUIDE_MODULES ${name})
  set_property(GLOBAL PROPERTY GUIDE_${name}_NEEDS "${needs}")
  set_property(GLOBAL PROPERTY GUIDE_${name}_PACKAGES "${packages}")
endfunction()
